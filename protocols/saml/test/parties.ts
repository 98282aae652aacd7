// An identity provider and a service provider with their keys, and messages between them, for tests.
import 'reflect-metadata';
import crypto from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  contentAlgorithms,
  defaultSignatureAlgorithms,
  keyTransportAlgorithms,
  parseXml,
  type SignatureAlgorithm,
  type SignatureTrust,
  writeXml,
  type XmlElement,
} from '@countersign/xml';
import * as x509 from '@peculiar/x509';
import {
  contentCipher,
  decryptionKey,
  digest,
  random,
  rsa,
  signer,
  verificationKey,
} from '../../xml/test/node-cryptography.ts';
import {
  type Assertion,
  type AuthnRequest,
  bearerConfirmation,
  type Compression,
  type ExpectedAssertion,
  type ExpectedResponse,
  nameIdFormats,
  type Response,
  type ResponseTrust,
  SamlStatusError,
  sealResponse,
  success,
} from '../src/index.ts';

export const now = new Date('2026-11-21T19:23:00.000Z');
export const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

export const idp = { entityId: 'https://idp.example/saml2', sso: 'https://idp.example/saml2/sso' };
export const sp = { entityId: 'https://sp.example/metadata', acs: 'https://sp.example/acs' };

async function certify(key: crypto.KeyObject, publicKey: crypto.KeyObject): Promise<x509.X509Certificate> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const keys = {
    privateKey: await crypto.webcrypto.subtle.importKey(
      'pkcs8',
      key.export({ type: 'pkcs8', format: 'der' }),
      algorithm,
      true,
      ['sign'],
    ),
    publicKey: await crypto.webcrypto.subtle.importKey(
      'spki',
      publicKey.export({ type: 'spki', format: 'der' }),
      algorithm,
      true,
      ['verify'],
    ),
  };
  return x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=idp.example',
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2099-01-01'),
    signingAlgorithm: algorithm,
    keys,
  });
}

/** The identity provider's certificate: PEM, and DER in base64. */
const certificate = await certify(rsa.privateKey, rsa.publicKey);
export const certificatePem = certificate.toString('pem');
export const certificateBase64 = Buffer.from(certificate.rawData).toString('base64');
export const privatePem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export const idpSigner = signer('rsa-sha256', rsa.privateKey, certificateBase64);
export const cryptography = { digest, cipher: contentCipher };
export const signatures: SignatureTrust = {
  keys: [verificationKey('idp', rsa.publicKey)],
  algorithms: defaultSignatureAlgorithms,
};
export const responseTrust: ResponseTrust = {
  signatures,
  signed: 'either',
  decryption: {
    keys: [decryptionKey(rsa.privateKey)],
    content: Object.keys(contentAlgorithms) as (keyof typeof contentAlgorithms)[],
    keyTransport: Object.keys(keyTransportAlgorithms) as (keyof typeof keyTransportAlgorithms)[],
  },
};
export { digest, random };

export const compression: Compression = {
  deflate: (data) => deflateRawSync(data),
  inflate: (data, limit) => inflateRawSync(data, { maxOutputLength: limit }),
};

export const request: AuthnRequest = {
  id: '_request',
  issueInstant: now,
  issuer: sp.entityId,
  destination: idp.sso,
};

export const response: Response = {
  id: '_response',
  issueInstant: now,
  issuer: idp.entityId,
  destination: sp.acs,
  inResponseTo: request.id,
  status: success,
};

export const assertion: Assertion = {
  id: '_assertion',
  issueInstant: now,
  issuer: idp.entityId,
  subject: {
    nameId: { value: 'marge@jogcloud.com', format: nameIdFormats.emailAddress },
    confirmations: [
      { method: bearerConfirmation, recipient: sp.acs, notOnOrAfter: later(300), inResponseTo: request.id },
    ],
  },
  conditions: { notBefore: now, notOnOrAfter: later(300), audienceRestrictions: [[sp.entityId]] },
  authnStatements: [
    {
      authnInstant: now,
      sessionIndex: '_session',
      contextClass: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
      authorities: [],
    },
  ],
  attributes: [{ name: 'groups', values: ['Network Operators', 'Security Admins'] }],
};

export const expectedResponse: ExpectedResponse = {
  now,
  clockSkewSeconds: 60,
  issuer: idp.entityId,
  destinations: [sp.acs],
  isSigned: true,
  inResponseTo: request.id,
};

export const expectedAssertion: ExpectedAssertion = {
  now,
  clockSkewSeconds: 60,
  issuer: idp.entityId,
  audience: sp.entityId,
  recipient: sp.acs,
  inResponseTo: request.id,
};

/** A response as the identity provider sends it. */
export function seal(
  signed: 'response' | 'assertion' | 'both',
  algorithm: SignatureAlgorithm = 'rsa-sha256',
): Promise<XmlElement> {
  return sealResponse(response, assertion, {
    signer: signer(algorithm, rsa.privateKey, certificateBase64),
    digest,
    signed,
  });
}

/** What a parser sees of an element that was built. */
export function sent(element: XmlElement): XmlElement {
  return parseXml(writeXml(element));
}

/** For assert.throws and assert.rejects: a refusal with this reason. */
export function refusal(reason: string) {
  return (error: unknown): boolean => {
    if (error instanceof SamlStatusError && error.reason === reason) return true;
    throw new Error(`expected ${reason}, got ${error instanceof SamlStatusError ? error.reason : error}`, {
      cause: error,
    });
  };
}
