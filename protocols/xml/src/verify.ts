import { type SignatureAlgorithm, signatureAlgorithms } from './algorithms.ts';
import { canonicalize } from './canonicalize.ts';
import type { Bytes, Digest, VerificationKey } from './cryptography.ts';
import type { XmlElement } from './element.ts';
import { XmlError } from './errors.ts';
import { messageLimits, parseXml } from './parse.ts';
import { findAttribute, isNamed, walk } from './read.ts';
import { readSignature } from './read-signature.ts';
import { findSchema, findSignature, type SignedElementSchema, signatureNamespace } from './signature-placement.ts';

const encoder = new TextEncoder();

/** Whose signatures are believed, and which. */
export interface SignatureTrust {
  /** All current keys: while a certificate rolls over, there are two. */
  readonly keys: readonly VerificationKey[];
  readonly algorithms: readonly SignatureAlgorithm[];
}

/** An element that a key of the trust signed. */
export interface VerifiedElement {
  /** What was digested, parsed from the very text whose digest was signed; the signature itself is not in it. */
  readonly element: XmlElement;
  /** The id of the key. */
  readonly keyId: string;
  readonly algorithm: SignatureAlgorithm;
}

/**
 * The signature gate. Verifies the signature that `element`, a part of `document`, carries where its schema puts it,
 * and returns what was signed. Whoever reads only that, reads nothing that somebody wrapped around or beside it.
 *
 * The schemas say where in such a document signatures may stand at all; a signature elsewhere is refused, as is an
 * identifier that occurs twice. Throws {@link XmlError}; `signature.missing` when the element carries none.
 */
export async function verifySignature(
  document: XmlElement,
  element: XmlElement,
  schemas: readonly SignedElementSchema[],
  trust: SignatureTrust,
  digest: Digest,
): Promise<VerifiedElement> {
  const schema = findSchema(element, schemas);
  if (!schema) throw new XmlError('signature.missing', `${element.name} is not an element that can be signed.`);
  checkDocument(document, schemas);
  const signature = findSignature(element, schema);
  const id = findAttribute(element, schema.idAttribute);
  if (!signature) throw new XmlError('signature.missing', `${element.name} carries none.`);
  if (!id) throw new XmlError('signature.reference', `${element.name} has no ${schema.idAttribute}.`);

  const content = readSignature(signature, id, trust.algorithms);
  const keyId = await findSigningKey(trust.keys, content.algorithm, content.signedInfo, content.value);
  const text = canonicalize(element, { inclusivePrefixes: content.inclusivePrefixes, without: signature });
  const actual = await digest(content.digestAlgorithm, encoder.encode(text));
  if (!areEqual(actual, content.digestValue)) throw new XmlError('signature.digest', `${element.name} was changed.`);
  // The length is that of what has been accepted already, give or take repeated namespaces.
  const signed = parseXml(text, { ...messageLimits, size: text.length });
  return { element: signed, keyId, algorithm: content.algorithm };
}

/** Whether the element carries a signature in its place; says nothing about its worth. */
export function isSigned(element: XmlElement, schemas: readonly SignedElementSchema[]): boolean {
  const schema = findSchema(element, schemas);
  return schema !== undefined && findSignature(element, schema) !== undefined;
}

/**
 * Refuses documents whose signatures do not all stand in their places, and those in which an identifier is not
 * unique, whatever attribute some reader might take for one.
 */
function checkDocument(document: XmlElement, schemas: readonly SignedElementSchema[]): void {
  const idAttributes = new Set(['id', ...schemas.map(({ idAttribute }) => idAttribute.toLowerCase())]);
  const ids = new Set<string>();
  const signedElements = new Set<XmlElement>();
  walk(document, (element, parent) => {
    for (const { name, value } of element.attributes) {
      if (!idAttributes.has(name.toLowerCase())) continue;
      if (ids.has(value)) throw new XmlError('signature.duplicate_id', `"${value}" occurs twice.`);
      ids.add(value);
    }
    if (!isNamed(element, signatureNamespace, 'Signature')) return;
    const schema = parent && findSchema(parent, schemas);
    if (!parent || !schema) throw new XmlError('signature.misplaced', `It stands in ${parent?.name ?? 'nothing'}.`);
    if (signedElements.has(parent)) throw new XmlError('signature.several', `${parent.name} carries two.`);
    if (findSignature(parent, schema) !== element) {
      throw new XmlError('signature.misplaced', `It stands in the wrong place of ${parent.name}.`);
    }
    signedElements.add(parent);
  });
}

/**
 * The id of the key, among these, that made the signature value of the data. Throws {@link XmlError} when none did, or
 * one that is too short to be believed.
 */
export async function findSigningKey(
  keys: readonly VerificationKey[],
  algorithm: SignatureAlgorithm,
  data: Bytes,
  value: Bytes,
): Promise<string> {
  const { keyType } = signatureAlgorithms[algorithm];
  for (const key of keys) {
    if (key.keyType !== keyType || !(await key.verify(algorithm, data, value))) continue;
    if (key.bits < (keyType === 'rsa' ? 2048 : 256)) throw new XmlError('signature.weak_key', `"${key.id}" is weak.`);
    return key.id;
  }
  throw new XmlError('signature.value', `None of its ${keys.length} keys did.`);
}

function areEqual(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
