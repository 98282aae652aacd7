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

/** Who issues, when, and with what. */
export interface TokenIssuer {
  /** The tenant's name as an issuer. */
  entityId: string;
  signer: Signer;
  now: Date;
  newSecret: () => string;
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
  const { entityId, now, newSecret } = issuer;
  const id = newAssertionId(newSecret);
  const expiresAt = new Date(now.getTime() + party.tokenLifetimeSeconds * 1000);
  const times = { issueInstant: now, notBefore: now, notOnOrAfter: expiresAt };
  const token = { id, issuer: entityId, audience: party.identifier, ...times, ...content };
  const sealed = await (kind === 'jwt' ? sealJwt(issuer, token) : sealAssertion(issuer, party, kind, token));
  return { ...sealed, id, createdAt: now, expiresAt };
}

type Sealed = Pick<SecurityTokenIssued, 'element' | 'statement'>;

async function sealAssertion(
  { signer, randomBytes }: TokenIssuer,
  party: RelyingParty,
  kind: AssertionKind,
  token: UnsignedToken,
): Promise<Sealed> {
  const unsigned = builders[kind](token);
  const signed = await signSaml(unsigned, { signer: xmlSigner(signer), digest: xmlDigest });
  const encryption = encryptionFor(party, randomBytes);
  const element = encryption
    ? await encryptElement(signed, encryption.recipient, encryption.cipher, encryption.random)
    : signed;
  return { element, statement: writeXml(unsigned) };
}

async function sealJwt({ signer }: TokenIssuer, token: UnsignedToken): Promise<Sealed> {
  const claims = jwtClaims(token);
  // RFC 7519 5.1. RFC 8725 3.11: whoever takes access tokens of the same key asks for their own type.
  return { element: buildBinaryToken(await signJwt(signer, 'JWT', claims)), statement: JSON.stringify(claims) };
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
