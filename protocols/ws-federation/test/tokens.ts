// Tokens of an issuer for tests.
import assert from 'node:assert/strict';
import {
  type Assertion,
  bearerConfirmation,
  buildAssertion,
  buildSaml11Assertion,
  type ExpectedBearerToken,
  nameIdFormats,
  type Saml11Assertion,
  saml11AuthenticationMethods,
  saml11Bearer,
  signSaml,
} from '@countersign/saml';
import { defaultSignatureAlgorithms, parseXml, writeXml, type XmlElement } from '@countersign/xml';
import {
  contentCipher,
  decryptionKey,
  digest,
  rsa,
  signer,
  verificationKey,
} from '../../xml/test/node-cryptography.ts';
import { SoapFault, saml11AttributeOf, type TokenTrust, WsFederationError } from '../src/index.ts';

export const now = new Date('2026-11-21T19:23:00.000Z');
export const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

export const realm = 'urn:app';
export const reply = 'https://app.example/acs';
export const issuer = 'https://idp.example/trust';
export const emailClaim = {
  type: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  values: ['marge@jogcloud.com'],
  originalIssuer: 'urn:first',
};

export const saml11: Saml11Assertion = {
  id: '_token',
  issueInstant: now,
  issuer,
  notBefore: now,
  notOnOrAfter: later(3600),
  audienceRestrictions: [[realm]],
  subject: {
    nameIdentifier: { value: 'marge', format: undefined, nameQualifier: undefined },
    confirmationMethods: [saml11Bearer],
  },
  authentication: { method: saml11AuthenticationMethods.password, instant: now },
  attributes: [saml11AttributeOf(emailClaim)],
};

export const saml20: Assertion = {
  id: '_token',
  issueInstant: now,
  issuer,
  subject: {
    nameId: { value: 'marge', format: nameIdFormats.persistent },
    confirmations: [{ method: bearerConfirmation }],
  },
  conditions: { notBefore: now, notOnOrAfter: later(3600), audienceRestrictions: [[realm]] },
  authnStatements: [
    { authnInstant: now, contextClass: 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password', authorities: [] },
  ],
  attributes: [{ ...emailClaim, name: emailClaim.type }],
};

const protection = { signer: signer('rsa-sha256', rsa.privateKey), digest };
export const signedSaml11 = await signSaml(buildSaml11Assertion(saml11), protection);
export const signedSaml20 = await signSaml(buildAssertion(saml20), protection);
export const sign = (element: XmlElement): Promise<XmlElement> => signSaml(element, protection);

export const cryptography = { digest, cipher: contentCipher };
export const trust: TokenTrust = {
  signatures: { keys: [verificationKey('issuer', rsa.publicKey)], algorithms: defaultSignatureAlgorithms },
  decryption: { keys: [decryptionKey(rsa.privateKey)], content: ['aes256-gcm'], keyTransport: ['rsa-oaep-mgf1p'] },
};
export const expected: ExpectedBearerToken = {
  now,
  clockSkewSeconds: 60,
  issuer,
  audiences: [realm],
  recipients: [reply],
};

/** What a parser sees of an element that was built. */
export function sent(element: XmlElement): XmlElement {
  return parseXml(writeXml(element));
}

/** For assert.throws and assert.rejects: a refusal or fault with this reason. */
export function refusal(reason: string) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof WsFederationError || error instanceof SoapFault, String(error));
    assert.equal(error.reason, reason, error.message);
    return true;
  };
}
