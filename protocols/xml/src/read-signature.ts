import {
  type DigestAlgorithm,
  digestAlgorithms,
  findAlgorithm,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from './algorithms.ts';
import { decodeBase64 } from './base64.ts';
import { canonicalize } from './canonicalize.ts';
import type { XmlElement } from './element.ts';
import { XmlError, type XmlRefusal } from './errors.ts';
import { findAttribute, isNamed, listElements, textOf } from './read.ts';
import { envelopedSignature, exclusiveCanonicalization, signatureNamespace } from './signature-placement.ts';

const encoder = new TextEncoder();

/** What a signature says, as far as this package follows it. */
export interface SignatureContent {
  algorithm: SignatureAlgorithm;
  /** The bytes that the signature value signs. */
  signedInfo: Uint8Array;
  value: Uint8Array;
  digestAlgorithm: DigestAlgorithm;
  digestValue: Uint8Array;
  /** The prefix list of the reference's canonicalization. */
  inclusivePrefixes: string[];
}

/**
 * Reads a `ds:Signature` of the one form that is accepted: one reference to `id`, the transforms enveloped signature
 * and exclusive canonicalization, algorithms among those allowed. KeyInfo may be there and is not read: keys come
 * from the trust. Throws {@link XmlError}.
 */
export function readSignature(
  signature: XmlElement,
  id: string,
  allowed: readonly SignatureAlgorithm[],
): SignatureContent {
  const [signedInfo, value, keyInfo, ...more] = listElements(signature);
  // No ds:Object: it is where wrapped content hides (XML Signature 4.5).
  if (!isSignatureElement(signedInfo, 'SignedInfo') || !isSignatureElement(value, 'SignatureValue')) {
    throw new XmlError('signature.malformed', 'SignedInfo and SignatureValue must come first.');
  }
  if ((keyInfo && !isSignatureElement(keyInfo, 'KeyInfo')) || more.length > 0) {
    throw new XmlError('signature.malformed', 'Only KeyInfo may follow SignatureValue.');
  }
  const [canonicalization, method, reference] = exactly(signedInfo, [
    'CanonicalizationMethod',
    'SignatureMethod',
    'Reference',
  ]);
  return {
    algorithm: readAlgorithm(method, signatureAlgorithms, allowed),
    signedInfo: encoder.encode(
      canonicalize(signedInfo, {
        inclusivePrefixes: readCanonicalization(canonicalization, 'signature.canonicalization'),
      }),
    ),
    value: decodeBase64(textOf(value)),
    ...readReference(reference, id, allowed),
  };
}

/** Each element looks every prefix up, so the list is bounded. */
const mostPrefixes = 32;

function readReference(reference: XmlElement, id: string, allowed: readonly SignatureAlgorithm[]) {
  // SAML Core 5.4.2: a reference to the root by "" is not the same thing once the element is moved.
  const uri = findAttribute(reference, 'URI');
  if (uri !== `#${id}`) throw new XmlError('signature.reference', `It says "${uri ?? ''}", the element is "${id}".`);
  const [transforms, method, value] = exactly(reference, ['Transforms', 'DigestMethod', 'DigestValue']);
  const [enveloped, canonicalization, ...more] = listElements(transforms);
  if (
    !isSignatureElement(enveloped, 'Transform') ||
    findAttribute(enveloped, 'Algorithm') !== envelopedSignature ||
    listElements(enveloped).length > 0 ||
    !isSignatureElement(canonicalization, 'Transform') ||
    more.length > 0
  ) {
    throw new XmlError('signature.transform', 'Others are there.');
  }
  const digests = allowed.map((name) => signatureAlgorithms[name].digest);
  return {
    inclusivePrefixes: readCanonicalization(canonicalization, 'signature.transform'),
    digestAlgorithm: readAlgorithm(method, digestAlgorithms, digests),
    digestValue: decodeBase64(textOf(value)),
  };
}

/** The prefix list of an element that must name exclusive canonicalization (without comments). */
function readCanonicalization(element: XmlElement, refusal: XmlRefusal): string[] {
  const algorithm = findAttribute(element, 'Algorithm');
  const [list, ...more] = listElements(element);
  if (algorithm !== exclusiveCanonicalization) throw new XmlError(refusal, `It is "${algorithm ?? ''}".`);
  if (!list) return [];
  if (!isNamed(list, exclusiveCanonicalization, 'InclusiveNamespaces') || more.length > 0) {
    throw new XmlError(refusal, 'Its parameters are not a prefix list.');
  }
  const prefixes = (findAttribute(list, 'PrefixList') ?? '').split(/[\t\n ]+/).filter((prefix) => prefix !== '');
  if (prefixes.length > mostPrefixes) throw new XmlError(refusal, `Its prefix list has ${prefixes.length} entries.`);
  // Exclusive XML Canonicalization 4: "#default" stands for the default namespace.
  return prefixes.map((prefix) => (prefix === '#default' ? '' : prefix));
}

function readAlgorithm<Name extends string>(
  element: XmlElement,
  table: Readonly<Record<Name, string | { readonly uri: string }>>,
  allowed: readonly Name[],
): Name {
  const uri = findAttribute(element, 'Algorithm') ?? '';
  const name = findAlgorithm(table, allowed, uri);
  // Parameters, such as HMACOutputLength, belong to no algorithm of the table.
  if (!name || listElements(element).length > 0) throw new XmlError('signature.algorithm', `"${uri}" is not.`);
  return name;
}

/** The child elements, which must be exactly these. */
function exactly<Names extends readonly string[]>(element: XmlElement, names: readonly [...Names]) {
  const children = listElements(element);
  if (children.length !== names.length || !children.every((child, at) => isSignatureElement(child, names[at] ?? ''))) {
    throw new XmlError('signature.malformed', `${element.name} must hold ${names.join(', ')}.`);
  }
  return children as { [At in keyof Names]: XmlElement };
}

function isSignatureElement(element: XmlElement | undefined, name: string): element is XmlElement {
  return element !== undefined && isNamed(element, signatureNamespace, name);
}
