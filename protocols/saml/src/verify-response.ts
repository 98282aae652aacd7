import {
  type ContentCipher,
  type DecryptionTrust,
  type Digest,
  isNamed,
  isSigned,
  type SignatureTrust,
  walk,
  type XmlElement,
} from '@countersign/xml';
import { type Assertion, parseAssertion } from './assertion.ts';
import { decrypt, decryptParts } from './decrypt.ts';
import { readingLater, SamlStatusError } from './errors.ts';
import { isAssertion, listAssertions, parseResponse, type Response } from './response.ts';
import { verify, verifyMessage } from './verify-message.ts';
import { samlNamespace, signedElements } from './vocabulary.ts';

/** What a trust says of an identity provider's responses. */
export interface ResponseTrust {
  signatures: SignatureTrust;
  /** What must be signed; `either` accepts one of the two. */
  signed: 'response' | 'assertion' | 'both' | 'either';
  /** Undefined: we have told nobody a key to encrypt to. */
  decryption?: DecryptionTrust | undefined;
  /** Whether assertions in the clear are refused. */
  mustBeEncrypted?: boolean | undefined;
}

/** What this package needs to verify and decrypt. */
export interface ResponseCryptography {
  digest: Digest;
  cipher: ContentCipher;
}

/** A response as far as signatures cover it. */
export interface VerifiedResponse {
  response: Response;
  isResponseSigned: boolean;
  /** Missing from a response that tells of a failure. */
  assertion: Assertion | undefined;
  isAssertionSigned: boolean;
  wasEncrypted: boolean;
  /** The keys that signed. */
  keyIds: readonly string[];
}

/**
 * Verifies, decrypts and reads a Response with its one assertion. Every signature that is there must be good, and
 * those that the trust asks for must be there; the assertion that comes back was covered by one. Deviation: SAML Core
 * 3.3.3 allows several assertions; nobody sends them, and choosing one among many is how wrapping attacks work.
 * Throws {@link SamlStatusError}.
 */
export async function verifyResponse(
  document: XmlElement,
  trust: ResponseTrust,
  { digest, cipher }: ResponseCryptography,
): Promise<VerifiedResponse> {
  return readingLater(async () => {
    parseResponse(document);
    checkAssertionCount(document);
    const mustResponseBeSigned = trust.signed === 'response' || trust.signed === 'both';
    const verified = await verifyMessage(document, trust.signatures, mustResponseBeSigned, digest);
    const isResponseSigned = verified.keyId !== undefined;
    const response = parseResponse(verified.element);
    const keyIds = verified.keyId === undefined ? [] : [verified.keyId];
    const [found] = listAssertions(verified.element);
    const outcome = { response, isResponseSigned, keyIds };
    if (!found) {
      if (response.status.code === 'Success') throw new SamlStatusError('response.assertions', 'There is none.');
      return { ...outcome, assertion: undefined, isAssertionSigned: false, wasEncrypted: false };
    }
    const wasEncrypted = isNamed(found, samlNamespace, 'EncryptedAssertion');
    if (trust.mustBeEncrypted && !wasEncrypted) {
      throw new SamlStatusError('assertion.unencrypted', 'The assertion is in the clear.');
    }
    const decryption = trust.decryption && { trust: trust.decryption, cipher };
    if (wasEncrypted && !decryption) throw new SamlStatusError('encryption.failed', 'The trust decrypts nothing.');
    const assertion = wasEncrypted && decryption ? await decrypt(found, decryption) : found;
    const read = async (proven: XmlElement) =>
      parseAssertion(decryption ? await decryptParts(proven, decryption) : proven);
    if (!isSigned(assertion, signedElements)) {
      if (trust.signed === 'assertion' || trust.signed === 'both' || !isResponseSigned) {
        throw new SamlStatusError('assertion.unsigned', 'The assertion carries no signature.');
      }
      return { ...outcome, assertion: await read(assertion), isAssertionSigned: false, wasEncrypted };
    }
    const container = wasEncrypted ? assertion : verified.element;
    const { element, keyId } = await verify(container, assertion, trust.signatures, digest);
    return {
      ...outcome,
      assertion: await read(element),
      isAssertionSigned: true,
      wasEncrypted,
      keyIds: [...keyIds, keyId],
    };
  });
}

/** One assertion at most in the whole document, and where the schema puts it: there is nothing to choose among. */
function checkAssertionCount(document: XmlElement): void {
  let count = 0;
  walk(document, (element, parent) => {
    if (!isAssertion(element)) return;
    count += 1;
    if (parent !== document || count > 1) {
      throw new SamlStatusError('response.assertions', `One stands in ${parent?.name}, as number ${count}.`);
    }
  });
}
