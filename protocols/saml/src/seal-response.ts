import {
  type ContentCipher,
  type Digest,
  type EncryptionRecipient,
  encryptElement,
  isNamed,
  type Prefixes,
  type Signer,
  signElement,
  type XmlElement,
} from '@countersign/xml';
import { type Assertion, buildAssertion } from './assertion.ts';
import { buildResponse, type Response } from './response.ts';
import { signedSaml11Assertion } from './saml11/assertion.ts';
import { build, signedElements, signedMetadataElements } from './vocabulary.ts';

/** How a response is protected on its way. */
export interface ResponseProtection {
  signer: Signer;
  digest: Digest;
  signed: 'response' | 'assertion' | 'both';
  /** Undefined: the assertion travels in the clear. */
  encryption?: AssertionEncryption | undefined;
}

export interface AssertionEncryption {
  recipient: EncryptionRecipient;
  cipher: ContentCipher;
  random: (length: number) => Uint8Array;
}

/**
 * A Response, signed and encrypted as asked: first the assertion's signature, then its encryption, then the response's
 * signature (SAML Core 6.2). A response that tells of a failure has no assertion and is always signed itself, so that
 * the peer can believe it.
 */
export async function sealResponse(
  response: Response,
  assertion: Assertion | undefined,
  protection: ResponseProtection,
): Promise<XmlElement> {
  const sealed = assertion && (await sealAssertion(buildAssertion(assertion), protection));
  const element = buildResponse(response, sealed);
  return sealed && protection.signed === 'assertion' ? element : signSaml(element, protection);
}

async function sealAssertion(element: XmlElement, protection: ResponseProtection): Promise<XmlElement> {
  const signed = protection.signed === 'response' ? element : await signSaml(element, protection);
  if (!protection.encryption) return signed;
  const { recipient, cipher, random } = protection.encryption;
  return build('saml:EncryptedAssertion', {}, await encryptElement(signed, recipient, cipher, random));
}

const signable = [...signedElements, ...signedMetadataElements, signedSaml11Assertion];

/** A message, assertion or metadata document with its signature, where the schema puts it. */
export function signSaml(
  element: XmlElement,
  { signer, digest, prefixes }: Pick<ResponseProtection, 'signer' | 'digest'> & { prefixes?: Prefixes | undefined },
): Promise<XmlElement> {
  const schema = signable.find(({ namespace, name }) => isNamed(element, namespace, name));
  if (!schema) throw new Error(`SAML signs no ${element.name}.`);
  return signElement(element, schema, signer, digest, prefixes);
}
