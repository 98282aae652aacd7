// An identity provider for SAML and WS-Federation in the test's own process: what it answers, the test decides.
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import {
  type Assertion,
  type AssertionEncryption,
  type AuthnRequest,
  bearerConfirmation,
  buildPost,
  type NameId,
  type ProxyRestriction,
  parseAuthnRequest,
  parseRedirect,
  type Response,
  sealResponse,
  success,
  verifyRedirect,
} from '@countersign/saml';
import { buildSignInResult } from '@countersign/ws-federation';
import { defaultSignatureAlgorithms } from '@countersign/xml';
import { completeRelyingParty } from '../../src/applications/relying-party.ts';
import {
  compression,
  issueSecurityToken,
  type SecurityTokenIssued,
  type Signer,
  xmlDigest,
  xmlSigner,
  xmlVerificationKey,
} from '../../src/issuance/index.ts';
import { makeSigningKey } from '../../src/issuance/make-signing-key.ts';
import { newSecret } from '../sign-in/journey.ts';

async function newKey(): Promise<Signer> {
  const { privateKey, certificate, id } = await makeSigningKey('RS256', 'idp', new Date('2026-01-01'));
  const signed = async (data: Uint8Array) => sign('sha256', data, privateKey);
  return { algorithm: 'RS256', keyId: id, certificate, sign: signed };
}

export const providerKey = await newKey();
export const strangerKey = await newKey();

export function certificateOf({ certificate }: Signer): string {
  return certificate.replace(/-----[^-]+-----|\s/g, '');
}

export const issuer = 'https://idp.example/saml';
export const location = 'https://idp.example/sso';

/** What goes over a proper answer. */
export interface Wrong {
  response?: Partial<Response>;
  assertion?: Partial<Assertion>;
  confirmation?: object;
  nameId?: NameId;
  signer?: Signer;
  signed?: 'response' | 'assertion' | 'both';
  encryption?: AssertionEncryption;
}

/** The request with which the hub sent the browser, its signature verified. */
export async function readRequest(
  url: URL,
  certificate: string,
): Promise<{ request: AuthnRequest; relayState: string }> {
  assert.equal(`${url.origin}${url.pathname}`, location);
  const message = await parseRedirect(url.search.slice(1), compression);
  const trust = { keys: [xmlVerificationKey(certificate)], algorithms: defaultSignatureAlgorithms };
  assert.ok(await verifyRedirect(message, trust, true));
  assert.equal(message.parameter, 'SAMLRequest');
  return { request: parseAuthnRequest(message.element), relayState: message.relayState ?? '' };
}

/** The fields with which the browser comes back. */
export async function answerFor(
  request: AuthnRequest,
  relayState: string,
  audience: string,
  now: Date,
  wrong: Wrong = {},
): Promise<URLSearchParams> {
  const recipient = request.assertionConsumerServiceUrl ?? '';
  const until = new Date(now.getTime() + 300_000);
  const assertion: Assertion = {
    id: `_${newSecret()}`,
    issueInstant: now,
    issuer,
    subject: {
      nameId: wrong.nameId ?? { value: 'marge', format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' },
      confirmations: [
        {
          method: bearerConfirmation,
          recipient,
          notOnOrAfter: until,
          inResponseTo: request.id,
          ...wrong.confirmation,
        },
      ],
    },
    conditions: { notBefore: now, notOnOrAfter: until, audienceRestrictions: [[audience]] },
    authnStatements: [{ authnInstant: now, authorities: [] }],
    attributes: [
      { name: 'urn:oid:2.5.4.42', values: ['Marge'] },
      { name: 'urn:oid:2.5.4.4', values: ['Simpson'] },
      { name: 'memberOf', values: ['Network Operators', 'Security Admins'] },
    ],
    ...wrong.assertion,
  };
  const response: Response = {
    id: `_${newSecret()}`,
    issueInstant: now,
    issuer,
    destination: recipient,
    inResponseTo: request.id,
    status: success,
    ...wrong.response,
  };
  const isGood = response.status.code === 'Success';
  const protection = {
    signer: xmlSigner(wrong.signer ?? providerKey),
    digest: xmlDigest,
    signed: wrong.signed ?? 'both',
    encryption: wrong.encryption,
  };
  const message = await sealResponse(response, isGood ? assertion : undefined, protection);
  return new URLSearchParams({ SAMLResponse: buildPost(message), RelayState: relayState });
}

/** What goes over a proper token of the provider. */
export interface WrongToken {
  kind?: 'saml11' | 'saml20';
  entityId?: string;
  signer?: Signer;
  nameId?: NameId;
  /** Values by type. */
  claims?: Readonly<Record<string, string>>;
  authenticationMethod?: string;
  proxyRestriction?: ProxyRestriction;
}

const usualClaims = { 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname': 'Marge' };

/** A token that the provider gives out for the audience, for whoever bears it. */
export async function providerToken(
  audience: string,
  now: Date,
  { kind = 'saml11', entityId = issuer, signer = providerKey, claims = usualClaims, ...wrong }: WrongToken = {},
): Promise<SecurityTokenIssued> {
  const party = completeRelyingParty('sp', { protocol: 'wsFederation', identifier: audience });
  const issuing = { entityId, signer, now, newSecret, randomBytes: (n: number) => new Uint8Array(n) };
  const stated = Object.entries(claims).map(([type, value]) => {
    return { type, value, valueType: '', issuer, originalIssuer: issuer, properties: {} };
  });
  return issueSecurityToken(issuing, party, kind, {
    nameId: wrong.nameId ?? { value: 'marge' },
    claims: stated,
    authenticatedAt: now,
    authenticationMethod: wrong.authenticationMethod ?? 'urn:oasis:names:tc:SAML:1.0:am:password',
    proxyRestriction: wrong.proxyRestriction,
  });
}

/** The fields of an answer by WS-Federation to the address at which the browser stands. */
export async function passiveAnswer(
  url: URL,
  now: Date,
  realm: string,
  signer = providerKey,
): Promise<URLSearchParams> {
  const { element, createdAt, expiresAt } = await providerToken(realm, now, { signer });
  const result = {
    version: 'trust2005',
    createdAt,
    expiresAt,
    appliesTo: realm,
    kind: 'saml11',
    token: element,
  } as const;
  const wctx = url.searchParams.get('wctx') ?? '';
  return new URLSearchParams({ wa: 'wsignin1.0', wresult: buildSignInResult(result), wctx });
}
