import type { Claim } from '@countersign/claims';
import { authnContextClasses, saml11AuthenticationMethods } from '@countersign/saml';
import { WsFederationError } from '@countersign/ws-federation';
import type { ApplicationStores, RelyingParty } from '../../applications/index.ts';
import type { ClaimSubject } from '../claims/subject-claims.ts';
import { refuse } from '../errors.ts';
import { statementOf, type TokenNaming, tokenOf } from './issue-security-token.ts';
import { type Naming, nameIdOf } from './name-id.ts';

/** The way of signing in that a draft supposes: by a password, in the words of each kind of token. */
export const supposedMethods: Readonly<Record<RelyingParty['tokenKind'], string>> = {
  saml20: authnContextClasses.passwordProtectedTransport,
  saml11: saml11AuthenticationMethods.password,
  jwt: authnContextClasses.passwordProtectedTransport,
};

/** Who would issue the token, and where lasting names are looked up. */
interface Drafting extends TokenNaming {
  tenantId: string;
  read: Pick<ApplicationStores, 'persistentNames'>;
}

/**
 * What the application's token would say besides what only a request brings, as text: XML or JSON, neither signed nor
 * encrypted. A lasting name that nobody has kept yet is made up, and not kept.
 *
 * @throws Refusal `issuance.claim_unfit`
 */
export async function draftSecurityToken(
  { tenantId, read, ...issuer }: Drafting,
  party: RelyingParty,
  { user, authenticatedAt, authenticationMethod }: ClaimSubject,
  claims: readonly Claim[],
): Promise<string> {
  const persistentNames: typeof read.persistentNames = {
    ...read.persistentNames,
    findOrKeep: async (...[tenant, servicePrincipal, userId, made]) =>
      (await read.persistentNames.find(tenant, servicePrincipal, userId)) ?? made,
  };
  const storage: Naming['storage'] = { write: (work) => work({ persistentNames }) };
  const naming = { storage, tenantId, issuer: issuer.entityId, newSecret: issuer.newSecret };
  const nameId = await nameIdOf(naming, party, party.nameIdFormat, { claims, user });
  const token = tokenOf(issuer, party, { nameId, claims, authenticatedAt, authenticationMethod });
  try {
    return statementOf(party.tokenKind, token);
  } catch (error) {
    if (!(error instanceof WsFederationError)) throw error;
    throw refuse('issuance.claim_unfit', { problem: `${error.description} ${error.message}` }, error);
  }
}
