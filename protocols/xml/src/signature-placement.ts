import type { XmlElement } from './element.ts';
import { isNamed, listElements } from './read.ts';

/** The namespace of XML Signature. */
export const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#';

/** The namespace of exclusive canonicalization, which is also its algorithm. */
export const exclusiveCanonicalization = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** The transform that leaves out the signature itself. */
export const envelopedSignature = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';

/** Where a protocol's schema puts the signature of one kind of element. */
export interface SignedElementSchema {
  readonly namespace: string;
  readonly name: string;
  /** The attribute that identifies the element. */
  readonly idAttribute: string;
  /** Which child element the signature is; `{ after }`: the one after the first child of this name, or first without one. */
  readonly place: 'first' | 'last' | { readonly after: string };
}

/** The schema of this element among those of its protocol. */
export function findSchema(
  element: XmlElement,
  schemas: readonly SignedElementSchema[],
): SignedElementSchema | undefined {
  return schemas.find(({ namespace, name }) => isNamed(element, namespace, name));
}

/** The position that a signature has, or would have, among the element's child elements. */
export function signatureIndex(element: XmlElement, { place }: SignedElementSchema): number {
  const elements = listElements(element);
  if (place === 'first') return 0;
  if (place === 'last') return elements.length - (elements.at(-1)?.name === 'Signature' ? 1 : 0);
  return elements.findIndex(({ name }) => name === place.after) + 1;
}

/** The signature that stands where the schema puts it. */
export function findSignature(element: XmlElement, schema: SignedElementSchema): XmlElement | undefined {
  const candidate = listElements(element)[signatureIndex(element, schema)];
  return candidate && isNamed(candidate, signatureNamespace, 'Signature') ? candidate : undefined;
}
