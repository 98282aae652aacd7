import { digestAlgorithms, signatureAlgorithms } from './algorithms.ts';
import { encodeBase64 } from './base64.ts';
import { vocabulary } from './build.ts';
import { canonicalize } from './canonicalize.ts';
import type { Digest, Signer } from './cryptography.ts';
import type { XmlElement } from './element.ts';
import { getAttribute, listElements } from './read.ts';
import {
  envelopedSignature,
  exclusiveCanonicalization,
  type SignedElementSchema,
  signatureIndex,
  signatureNamespace,
} from './signature-placement.ts';

const build = vocabulary({ ds: signatureNamespace });
const encoder = new TextEncoder();

/** Prefixes to write in place of others: canonicalization keeps them, so that whoever changes them breaks a signature. */
export type Prefixes = Readonly<Record<string, string>>;

/**
 * The element with an enveloped signature over it, in the place where the schema puts it: exclusive canonicalization,
 * one reference by the element's identifier, the signer's certificate in KeyInfo (SAML Core 5.4, SAML 1.1 Core 5.4).
 * The element must not be signed yet.
 */
export async function signElement(
  unsigned: XmlElement,
  schema: SignedElementSchema,
  signer: Signer,
  digest: Digest,
  prefixes?: Prefixes,
): Promise<XmlElement> {
  const element = withPrefixes(unsigned, prefixes);
  const { uri, digest: digestName } = signatureAlgorithms[signer.algorithm];
  const id = getAttribute(element, schema.idAttribute);
  const digestValue = await digest(digestName, encoder.encode(canonicalize(element)));
  const info = build('ds:SignedInfo', {}, [
    build('ds:CanonicalizationMethod', { Algorithm: exclusiveCanonicalization }),
    build('ds:SignatureMethod', { Algorithm: uri }),
    build('ds:Reference', { URI: `#${id}` }, [
      build('ds:Transforms', {}, [
        build('ds:Transform', { Algorithm: envelopedSignature }),
        build('ds:Transform', { Algorithm: exclusiveCanonicalization }),
      ]),
      build('ds:DigestMethod', { Algorithm: digestAlgorithms[digestName] }),
      build('ds:DigestValue', {}, encodeBase64(digestValue)),
    ]),
  ]);
  const signedInfo = withPrefixes(info, prefixes);
  const value = await signer.sign(encoder.encode(canonicalize(signedInfo)));
  const signature = build('ds:Signature', {}, [
    signedInfo,
    build('ds:SignatureValue', {}, encodeBase64(value)),
    signer.certificate ? certificateInfo(signer.certificate) : undefined,
  ]);
  const renamed = withPrefixes(signature, prefixes);
  const successor = listElements(element)[signatureIndex(element, schema)];
  const at = successor ? element.children.indexOf(successor) : element.children.length;
  return { ...element, children: element.children.toSpliced(at, 0, renamed) };
}

function withPrefixes(element: XmlElement, prefixes: Prefixes | undefined): XmlElement {
  if (!prefixes) return element;
  const { prefix, children } = element;
  return {
    ...element,
    prefix: prefixes[prefix] ?? prefix,
    children: children.map((child) => (typeof child === 'string' ? child : withPrefixes(child, prefixes))),
  };
}

/** A `ds:KeyInfo` that shows a certificate, DER in base64. */
export function certificateInfo(certificate: string): XmlElement {
  return build('ds:KeyInfo', {}, [build('ds:X509Data', {}, [build('ds:X509Certificate', {}, certificate)])]);
}
