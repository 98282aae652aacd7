// Both sides of SAML around the hub: an application that asks, and an identity provider that answers.
import { createHash, createPrivateKey, randomUUID, sign, verify, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import {
  type Assertion,
  bearerConfirmation,
  buildAuthnRequest,
  buildPost,
  buildRedirect,
  type Compression,
  parseAuthnRequest,
  parseRedirect,
  type Response,
  sealResponse,
  success,
} from '@countersign/saml';
import type { Digest, Signer, VerificationKey, XmlElement } from '@countersign/xml';
import type { ClientCertificate } from '../../e2e/peers/certificate.ts';

export const digest: Digest = (algorithm, data) => createHash(algorithm).update(data).digest();

const [deflate, inflate] = [
  promisify<Uint8Array, Buffer>(zlib.deflateRaw),
  promisify<Uint8Array, Buffer>(zlib.inflateRaw),
];
const compression: Compression = { deflate, inflate };

/** Signs with RSA-SHA256, as every peer does. */
export function signerOf({ privateKeyPem, registered }: ClientCertificate): Signer {
  const key = createPrivateKey(privateKeyPem);
  return { algorithm: 'rsa-sha256', certificate: registered, sign: (data) => sign('sha256', data, key) };
}

export function verificationKeyOf({ registered }: ClientCertificate): VerificationKey {
  const { publicKey } = new X509Certificate(Buffer.from(registered, 'base64'));
  const check: VerificationKey['verify'] = (_, data, signature) => verify('sha256', data, publicKey, signature);
  return { id: 'peer', keyType: 'rsa', bits: 2048, verify: check };
}

/** Whom an answer is from and for. */
export interface Answering {
  issuer: string;
  audience: string;
  recipient: string;
  inResponseTo: string;
  subject: string;
  /** So many groups: 25 make about 5 KB. */
  groups: number;
}

/** An answer that is signed as most providers do: the assertion alone. */
export async function answerOf(
  { issuer, audience, recipient, inResponseTo, subject, groups }: Answering,
  signer: Signer,
): Promise<XmlElement> {
  const now = new Date();
  const until = new Date(now.getTime() + 300_000);
  const confirmation = { method: bearerConfirmation, recipient, notOnOrAfter: until, inResponseTo };
  const names = Array.from({ length: groups }, (_, index) => `Operators of network ${index} of the company`);
  const assertion: Assertion = {
    id: `_${randomUUID()}`,
    issueInstant: now,
    issuer,
    subject: {
      nameId: { value: subject, format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' },
      confirmations: [confirmation],
    },
    conditions: { notBefore: now, notOnOrAfter: until, audienceRestrictions: [[audience]] },
    authnStatements: [{ authnInstant: now, authorities: [] }],
    attributes: [
      { name: 'urn:oid:2.5.4.42', values: ['Marge'] },
      { name: 'urn:oid:2.5.4.4', values: ['Simpson'] },
      { name: 'memberOf', values: names },
    ],
  };
  const response: Response = {
    id: `_${randomUUID()}`,
    issueInstant: now,
    issuer,
    destination: recipient,
    inResponseTo,
    status: success,
  };
  return sealResponse(response, assertion, { signer, digest, signed: 'assertion' });
}

/** The address with a request of the application, unsigned. */
export function requestAddress(
  location: string,
  asked: { issuer: string; replyAddress: string; subject?: string; isPassive?: boolean },
): Promise<string> {
  const { issuer, replyAddress, subject, isPassive } = asked;
  const request = buildAuthnRequest({
    id: `_${randomUUID()}`,
    issueInstant: new Date(),
    issuer,
    destination: location,
    assertionConsumerServiceUrl: replyAddress,
    isPassive,
    ...(subject !== undefined && { subject: { value: subject } }),
  });
  return buildRedirect(request, { parameter: 'SAMLRequest', location, signer: undefined }, compression);
}

/** The form with which the provider answers the request that brought a browser to it. */
export async function answerForm(
  arrived: URL,
  answering: Omit<Answering, 'recipient' | 'inResponseTo'>,
  signer: Signer,
): Promise<URLSearchParams> {
  const { element, relayState = '' } = await parseRedirect(arrived.search.slice(1), compression);
  const { id: inResponseTo, assertionConsumerServiceUrl: recipient = '' } = parseAuthnRequest(element);
  const answer = await answerOf({ ...answering, recipient, inResponseTo }, signer);
  return new URLSearchParams({ SAMLResponse: buildPost(answer), RelayState: relayState });
}

/** Metadata of an application, or of a provider with its key. */
export function metadataOf(entityId: string, place: string, provider?: ClientCertificate): string {
  const [role, service] = provider
    ? ([
        'IDPSSODescriptor',
        `SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"`,
      ] as const)
    : ([
        'SPSSODescriptor',
        `AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"`,
      ] as const);
  const key = provider
    ? `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${provider.registered}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
    : '';
  return `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${entityId}"><md:${role} protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${key}<md:${service} Location="${place}"/></md:${role}></md:EntityDescriptor>`;
}
