import type { Claim } from '@countersign/claims';
import {
  type Attribute,
  attributeNameFormats,
  bearerConfirmation,
  buildAssertion,
  buildSaml11Assertion,
  type NameId,
  type ProxyRestriction,
  saml11Bearer,
  signSaml,
} from '@countersign/saml';
import { actorClaim, claimOfSaml20, saml11AttributeOf } from '@countersign/ws-federation';
import { encryptElement, type XmlElement } from '@countersign/xml';
import type { RelyingParty } from '../../applications/index.ts';
import type { Signer } from '../signer.ts';
import { xmlDigest, xmlSigner } from '../xml-cryptography.ts';
import { samlAttributes } from './attributes.ts';
import { encryptionFor } from './encryption.ts';
import { newAssertionId } from './name-id.ts';

/** Who issues, when, and with what. */
export interface TokenIssuer {
  /** The tenant's name as an issuer. */
  entityId: string;
  signer: Signer;
  now: Date;
  newSecret: () => string;
  randomBytes: (length: number) => Uint8Array;
}

/** What a token says of a person. */
export interface TokenContent {
  nameId: NameId;
  claims: readonly Claim[];
  authenticatedAt: Date;
  /** URI of the way in which the person signed in, in the words of the kind of token. */
  authenticationMethod: string;
  /** Who acts for the person with the token, by name; whoever acts now first. Empty: the token says nothing of it. */
  actors?: readonly string[];
  /** SAML 1.1 has no such condition. */
  proxyRestriction?: ProxyRestriction | undefined;
}

/** A token, ready to be handed out. */
export interface SecurityTokenIssued {
  element: XmlElement;
  /** As it was before it was signed and encrypted. */
  unsigned: XmlElement;
  id: string;
  createdAt: Date;
  expiresAt: Date;
}

/**
 * Issues an assertion as WS-Federation and WS-Trust carry it: for the bearer, signed itself, and encrypted where the trust
 * says so.
 *
 * @throws WsFederationError `claim.type`, SamlStatusError `assertion.unencrypted`
 */
export async function issueSecurityToken(
  { entityId, signer, now, newSecret, randomBytes }: TokenIssuer,
  party: RelyingParty,
  kind: RelyingParty['tokenKind'],
  content: TokenContent,
): Promise<SecurityTokenIssued> {
  const id = newAssertionId(newSecret);
  const expiresAt = new Date(now.getTime() + party.tokenLifetimeSeconds * 1000);
  const token = { id, issuer: entityId, issueInstant: now, notBefore: now, notOnOrAfter: expiresAt, ...content };
  const unsigned = builders[kind]({ ...token, audience: party.identifier });
  const signed = await signSaml(unsigned, { signer: xmlSigner(signer), digest: xmlDigest });
  const encryption = encryptionFor(party, randomBytes);
  const element = encryption
    ? await encryptElement(signed, encryption.recipient, encryption.cipher, encryption.random)
    : signed;
  return { element, unsigned, id, createdAt: now, expiresAt };
}

interface UnsignedToken extends TokenContent {
  id: string;
  issuer: string;
  issueInstant: Date;
  notBefore: Date;
  notOnOrAfter: Date;
  audience: string;
}

const builders: Readonly<Record<RelyingParty['tokenKind'], (token: UnsignedToken) => XmlElement>> = {
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
