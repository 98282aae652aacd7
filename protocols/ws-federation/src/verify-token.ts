import {
  type Assertion,
  checkBearerToken,
  checkSaml11Assertion,
  type ExpectedBearerToken,
  type ProxyRestriction,
  parseAssertion,
  parseSaml11Assertion,
  type ResponseCryptography,
  type Saml11Assertion,
  saml11Namespace,
  samlNamespace,
  signedElements,
  signedSaml11Assertion,
} from '@countersign/saml';
import {
  type DecryptionTrust,
  decryptElement,
  encryptionNamespace,
  findAttribute,
  findChild,
  isNamed,
  type SignatureTrust,
  tokenOf,
  verifySignature,
  type XmlElement,
} from '@countersign/xml';
import { claimOfSaml11, claimOfSaml20, type TokenClaim } from './claim-type.ts';
import { readingLater, WsFederationError } from './errors.ts';
import type { AssertionKind } from './vocabulary.ts';

/** What a trust says of an issuer's tokens. */
export interface TokenTrust {
  signatures: SignatureTrust;
  /** Undefined: we have told nobody a key to encrypt to. */
  decryption?: DecryptionTrust | undefined;
}

/** What a good token says, whatever its kind. */
export interface SecurityToken {
  kind: AssertionKind;
  id: string;
  issuer: string;
  /** The name identifier. */
  subject?: { value: string; format?: string | undefined; nameQualifier?: string | undefined } | undefined;
  authentication?: { method: string | undefined; instant: Date } | undefined;
  claims: readonly TokenClaim[];
  /** How it limits tokens that are issued on the strength of it. */
  proxyRestriction?: ProxyRestriction | undefined;
  /** Until when the caller must remember the id, to refuse the token a second time. */
  replayableUntil: Date;
  /** The key that signed it. */
  keyId: string;
}

/** Where signatures may stand in a document that carries tokens. */
const schemas = [signedSaml11Assertion, ...signedElements];

/**
 * Decrypts, verifies, reads and checks the one token of a message. The token itself must be signed: whatever stands
 * around it is believed by nobody. Throws {@link WsFederationError}.
 */
export async function verifyToken(
  received: { document: XmlElement; token: XmlElement },
  trust: TokenTrust,
  expected: ExpectedBearerToken,
  { digest, cipher }: ResponseCryptography,
): Promise<SecurityToken> {
  return readingLater(async () => {
    const isEncrypted = isNamed(received.token, encryptionNamespace, 'EncryptedData');
    const token = isEncrypted ? await decrypt(received.token, trust, cipher) : received.token;
    const container = isEncrypted ? token : received.document;
    if (isNamed(token, saml11Namespace, 'Assertion')) {
      const { element, keyId } = await verifySignature(container, token, schemas, trust.signatures, digest);
      return { ...readSaml11(parseSaml11Assertion(element), expected), keyId };
    }
    if (isNamed(token, samlNamespace, 'Assertion')) {
      const { element, keyId } = await verifySignature(container, token, schemas, trust.signatures, digest);
      return { ...readSaml20(parseAssertion(element), expected), keyId };
    }
    throw new WsFederationError('token.kind', `{${token.namespace}}${token.name} is no token.`);
  });
}

/** Whom a token names as its issuer, so that its keys can be found. Nothing of it is proven. */
export function issuerOf(token: XmlElement): string | undefined {
  if (isNamed(token, saml11Namespace, 'Assertion')) return findAttribute(token, 'Issuer');
  const issuer = isNamed(token, samlNamespace, 'Assertion') ? findChild(token, samlNamespace, 'Issuer') : undefined;
  return issuer && tokenOf(issuer);
}

function decrypt(token: XmlElement, { decryption }: TokenTrust, cipher: ResponseCryptography['cipher']) {
  if (!decryption) throw new WsFederationError('token.kind', 'The token is encrypted, and the trust has no key.');
  return decryptElement(token, decryption, cipher);
}

function readSaml11(assertion: Saml11Assertion, expected: ExpectedBearerToken): Omit<SecurityToken, 'keyId'> {
  const replayableUntil = checkSaml11Assertion(assertion, expected);
  const { id, issuer, subject, authentication, attributes } = assertion;
  return {
    kind: 'saml11',
    id,
    issuer,
    subject: subject.nameIdentifier,
    authentication,
    claims: attributes.map(claimOfSaml11),
    replayableUntil,
  };
}

function readSaml20(assertion: Assertion, expected: ExpectedBearerToken): Omit<SecurityToken, 'keyId'> {
  const replayableUntil = checkBearerToken(assertion, expected);
  const { id, issuer, subject, conditions, authnStatements, attributes } = assertion;
  const [statement] = authnStatements;
  return {
    kind: 'saml20',
    id,
    issuer,
    subject: subject?.nameId,
    authentication: statement && { method: statement.contextClass, instant: statement.authnInstant },
    claims: attributes.map(claimOfSaml20),
    ...(conditions?.proxyRestriction && { proxyRestriction: conditions.proxyRestriction }),
    replayableUntil,
  };
}
