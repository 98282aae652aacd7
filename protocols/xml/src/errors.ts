/** Everything this package refuses, by its stable code: what rule was broken, and where the rule stands. */
export const xmlRefusals = {
  'xml.encoding': { rule: 'A document is UTF-8.', spec: 'XML 1.0 4.3.3' },
  'xml.too_large': { rule: 'A document stays below the size limit.', spec: 'own limit' },
  'xml.too_deep': { rule: 'Elements nest no deeper than the limit.', spec: 'own limit' },
  'xml.too_many_attributes': { rule: 'An element has no more attributes than the limit.', spec: 'own limit' },
  'xml.doctype': {
    rule: 'A document type declaration, and with it every entity, is refused.',
    spec: 'SOAP 1.2 part 1, 5',
  },
  'xml.processing_instruction': { rule: 'Processing instructions are refused.', spec: 'SOAP 1.2 part 1, 5' },
  'xml.malformed': { rule: 'A document is well-formed.', spec: 'XML 1.0 2.1' },
  'xml.namespace': {
    rule: 'Prefixes are declared, reserved ones keep their meaning, namespace names are absolute.',
    spec: 'Namespaces in XML 1.0 3, Exclusive XML Canonicalization 2',
  },
  'xml.interrupted_text': {
    rule: 'A text stands in one piece: no comment beside it, no part of it in a CDATA section.',
    spec: 'own limit',
  },
  'xml.unexpected_content': { rule: 'An element holds what its schema says.', spec: 'XML Schema part 1, 3.4' },
  'xml.base64': { rule: 'Binary values are canonical base64.', spec: 'XML Schema part 2, 3.2.16' },
  'signature.missing': { rule: 'The element carries a signature.', spec: 'XML Signature 4.2' },
  'signature.several': { rule: 'An element carries one signature.', spec: 'SAML Core 5.4.1' },
  'signature.misplaced': { rule: 'A signature stands only where the schema puts it.', spec: 'SAML Core 5.4.2' },
  'signature.malformed': { rule: 'A signature has the elements of its schema, each once.', spec: 'XML Signature 4' },
  'signature.reference': {
    rule: 'A signature has one reference, to the identifier of the element that carries it.',
    spec: 'SAML Core 5.4.2',
  },
  'signature.duplicate_id': { rule: 'An identifier occurs once in a document.', spec: 'XML 1.0 3.3.1' },
  'signature.transform': {
    rule: 'The transforms are enveloped signature, then exclusive canonicalization.',
    spec: 'SAML Core 5.4.4',
  },
  'signature.canonicalization': {
    rule: 'The canonicalization method is exclusive canonicalization without comments.',
    spec: 'SAML Core 5.4.3',
  },
  'signature.algorithm': { rule: "Algorithms are on the trust's list.", spec: 'XML Signature 6.1' },
  'signature.weak_key': {
    rule: 'RSA keys have at least 2048 bits, elliptic curve keys 256.',
    spec: 'NIST SP 800-131A',
  },
  'signature.digest': { rule: 'The digest is that of the element.', spec: 'XML Signature 3.2.1' },
  'signature.value': { rule: 'A key of the trust made the signature.', spec: 'XML Signature 3.2.2' },
  'encryption.algorithm': { rule: "Algorithms are on the trust's list.", spec: 'XML Encryption 5.1' },
  'encryption.malformed': { rule: 'Encrypted data has the elements of its schema.', spec: 'XML Encryption 3' },
  'encryption.failed': {
    rule: 'The content can be decrypted with one of our keys and is an XML element.',
    spec: 'XML Encryption 4.2',
  },
} as const;

export type XmlRefusal = keyof typeof xmlRefusals;

/** A document, signature or encrypted content that is refused. `code` is stable; the message is for the log. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
  readonly code: XmlRefusal;
  /** Where the broken rule stands. */
  readonly spec: string;

  constructor(code: XmlRefusal, detail: string, options?: { cause: unknown }) {
    super(`${xmlRefusals[code].rule} ${detail}`, options);
    this.code = code;
    this.spec = xmlRefusals[code].spec;
  }
}
