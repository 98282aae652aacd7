import {
  type Attribute,
  attributeNameFormats,
  bearerConfirmation,
  buildAssertion,
  buildSaml11Assertion,
  saml11Bearer,
  signSaml,
} from '@countersign/saml';
import {
  type AssertionKind,
  actorClaim,
  buildBinaryToken,
  claimOfSaml20,
  saml11AttributeOf,
} from '@countersign/ws-federation';
import { encryptElement, writeXml, type XmlElement } from '@countersign/xml';
import type { RelyingParty } from '../../applications/index.ts';
import { signJwt } from '../jws.ts';
import type { Signer } from '../signer.ts';
import { xmlDigest, xmlSigner } from '../xml-cryptography.ts';
import { samlAttributes } from './attributes.ts';
import { encryptionFor } from './encryption.ts';
import { jwtClaims } from './jwt-claims.ts';
import { newAssertionId } from './name-id.ts';
import type { TokenContent, UnsignedToken } from './unsigned-token.ts';

/** Who issues, and when. */
export interface TokenNaming {
  /** The tenant's name as an issuer. */
  entityId: string;
  now: Date;
  newSecret: () => string;
}

/** The same, and with what. */
export interface TokenIssuer extends TokenNaming {
  signer: Signer;
  randomBytes: (length: number) => Uint8Array;
}

/** A token, ready to be handed out. */
export interface SecurityTokenIssued {
  element: XmlElement;
  /** What it says, as text: XML or JSON, neither signed nor encrypted. */
  statement: string;
  id: string;
  createdAt: Date;
  expiresAt: Date;
}

/**
 * Issues a token as WS-Federation and WS-Trust carry it: for the bearer, signed itself, and an assertion encrypted where the
 * trust says so.
 *
 * @throws WsFederationError `claim.type`, SamlStatusError `assertion.unencrypted`
 */
export async function issueSecurityToken(
  issuer: TokenIssuer,
  party: RelyingParty,
  kind: RelyingParty['tokenKind'],
  content: TokenContent,
): Promise<SecurityTokenIssued> {
  const token = tokenOf(issuer, party, content);
  const element = await (kind === 'jwt' ? sealJwt(issuer, token) : sealAssertion(issuer, party, kind, token));
  const { id, issueInstant: createdAt, notOnOrAfter: expiresAt } = token;
  return { element, statement: statementOf(kind, token), id, createdAt, expiresAt };
}

/** The token of that content, for the application and as long as its trust says. */
export function tokenOf(
  { entityId, now, newSecret }: TokenNaming,
  party: RelyingParty,
  content: TokenContent,
): UnsignedToken {
  const notOnOrAfter = new Date(now.getTime() + party.tokenLifetimeSeconds * 1000);
  const times = { issueInstant: now, notBefore: now, notOnOrAfter };
  return { id: newAssertionId(newSecret), issuer: entityId, audience: party.identifier, ...times, ...content };
}

/**
 * What a token says, as text: XML or JSON, neither signed nor encrypted.
 * @throws WsFederationError `claim.type`
 */
export function statementOf(kind: RelyingParty['tokenKind'], token: UnsignedToken): string {
  return kind === 'jwt' ? JSON.stringify(jwtClaims(token)) : writeXml(builders[kind](token));
}

async function sealAssertion(
  { signer, randomBytes }: TokenIssuer,
  party: RelyingParty,
  kind: AssertionKind,
  token: UnsignedToken,
): Promise<XmlElement> {
  const signed = await signSaml(builders[kind](token), { signer: xmlSigner(signer), digest: xmlDigest });
  const encryption = encryptionFor(party, randomBytes);
  return encryption ? encryptElement(signed, encryption.recipient, encryption.cipher, encryption.random) : signed;
}

async function sealJwt({ signer }: TokenIssuer, token: UnsignedToken): Promise<XmlElement> {
  // RFC 7519 5.1. RFC 8725 3.11: whoever takes access tokens of the same key asks for their own type.
  return buildBinaryToken(await signJwt(signer, 'JWT', jwtClaims(token)));
}

const builders: Readonly<Record<AssertionKind, (token: UnsignedToken) => XmlElement>> = {
  saml11: ({ nameId, claims, authenticatedAt, authenticationMethod, audience, actors = [], ...token }) =>
    buildSaml11Assertion({
      ...token,
      audienceRestrictions: [[audience]],
      subject: { nameIdentifier: nameId, confirmationMethods: [saml11Bearer] },
      authentication: { method: authenticationMethod, instant: authenticatedAt },
      attributes: [
        ...samlAttributes(claims, token.issuer).map(claimOfSaml20),
        ...(actors.length > 0 ? [actorClaim('saml11', actors)] : []),
      ].map(saml11AttributeOf),
    }),
  saml20: ({ id, issuer, issueInstant, notBefore, notOnOrAfter, ...said }) =>
    buildAssertion({
      id,
      issuer,
      issueInstant,
      // SAML Profiles 3.3: whoever bears it; the conditions say until when.
      subject: { nameId: said.nameId, confirmations: [{ method: bearerConfirmation, notOnOrAfter }] },
      conditions: {
        notBefore,
        notOnOrAfter,
        audienceRestrictions: [[said.audience]],
        proxyRestriction: said.proxyRestriction,
      },
      authnStatements: [
        { authnInstant: said.authenticatedAt, contextClass: said.authenticationMethod, authorities: [] },
      ],
      attributes: [...samlAttributes(said.claims, issuer), ...actorAttributes(said.actors)],
    }),
};

function actorAttributes(actors: readonly string[] = []): Attribute[] {
  if (actors.length === 0) return [];
  const { type, values } = actorClaim('saml20', actors);
  return [{ name: type, nameFormat: attributeNameFormats.uri, values }];
}
