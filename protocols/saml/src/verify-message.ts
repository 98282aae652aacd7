import {
  type Digest,
  isSigned,
  type SignatureTrust,
  type VerifiedElement,
  verifySignature,
  type XmlElement,
} from '@countersign/xml';
import { readingLater, SamlStatusError } from './errors.ts';
import { signedElements } from './vocabulary.ts';

/** A message as far as its signature covers it. */
export interface VerifiedMessage {
  element: XmlElement;
  /** The key that signed it; undefined: nobody did. */
  keyId: string | undefined;
}

/**
 * The message itself (not what it contains), verified by the signature inside it. Without one it comes back as it is
 * when `mustBeSigned` is false; a signature that is there counts all the same, unless the trust has no keys at all:
 * some service providers sign and never said with what. Throws {@link SamlStatusError}.
 */
export async function verifyMessage(
  message: XmlElement,
  trust: SignatureTrust,
  mustBeSigned: boolean,
  digest: Digest,
): Promise<VerifiedMessage> {
  return readingLater(async () => {
    const canVerify = mustBeSigned || trust.keys.length > 0;
    if (canVerify && isSigned(message, signedElements)) return verify(message, message, trust, digest);
    if (mustBeSigned) throw new SamlStatusError('message.unsigned', `${message.name} carries no signature.`);
    return { element: message, keyId: undefined };
  });
}

/** The gate of the XML package with SAML's schemas. */
export function verify(
  document: XmlElement,
  element: XmlElement,
  trust: SignatureTrust,
  digest: Digest,
): Promise<VerifiedElement> {
  return verifySignature(document, element, signedElements, trust, digest);
}
