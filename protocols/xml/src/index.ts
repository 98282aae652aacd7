/**
 * XML for security protocols: one strict reader whose tree is all that anybody sees of a document, a writer, XML
 * signatures (https://www.w3.org/TR/xmldsig-core1/) behind a gate that returns only what was signed, exclusive
 * canonicalization (https://www.w3.org/TR/xml-exc-c14n/) and XML encryption (https://www.w3.org/TR/xmlenc-core1/).
 * Pure: digests, keys and random bytes are handed in. It knows no protocol; each tells it where its signatures stand.
 */
export {
  type ContentAlgorithm,
  contentAlgorithms,
  type DigestAlgorithm,
  defaultContentAlgorithms,
  defaultSignatureAlgorithms,
  digestAlgorithms,
  findAlgorithm,
  type KeyTransportAlgorithm,
  keyTransportAlgorithms,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from './algorithms.ts';
export { decodeBase64, encodeBase64 } from './base64.ts';
export { type Build, type BuildAttributes, type BuildContent, vocabulary } from './build.ts';
export { type CanonicalizationOptions, canonicalize, writeXml } from './canonicalize.ts';
export type {
  Awaitable,
  Bytes,
  ContentCipher,
  DecryptionKey,
  Digest,
  EncryptionKey,
  Signer,
  VerificationKey,
} from './cryptography.ts';
export { type DecryptionTrust, decryptElement } from './decrypt.ts';
export { emptyScope, findNamespace, type Scope, type XmlAttribute, type XmlElement, type XmlNode } from './element.ts';
export { type EncryptionRecipient, encryptElement, encryptionNamespace } from './encrypt.ts';
export { XmlError, type XmlRefusal, xmlRefusals } from './errors.ts';
export { messageLimits, metadataLimits, parseXml, type XmlLimits } from './parse.ts';
export {
  findAttribute,
  findChild,
  getAttribute,
  getChild,
  isNamed,
  listChildren,
  listElements,
  textOf,
  tokenOf,
  walk,
} from './read.ts';
export { certificateInfo, type Prefixes, signElement } from './sign.ts';
export { type SignedElementSchema, signatureNamespace } from './signature-placement.ts';
export { formatInstant, parseBoolean, parseInstant, parseUnsignedShort } from './values.ts';
export { findSigningKey, isSigned, type SignatureTrust, type VerifiedElement, verifySignature } from './verify.ts';
