import type { Claim } from '@countersign/claims';
import type { Act, AuditStore } from '../audit/index.ts';
import {
  type DirectoryObject,
  type DirectoryStores,
  domainOf,
  findUser,
  fold,
  identityName,
  identitySpace,
  type Tenant,
} from '../directory/index.ts';
import { subjectClaimTypes } from '../issuance/index.ts';
import { immutableIdClaim } from './acceptance-rules.ts';
import { federatedDomainsOf } from './federated-domains.ts';
import type { UpstreamIdentity } from './identity.ts';
import { identitiesOf, linkIdentity } from './linked-identities.ts';
import { type Newcomer, newcomerFrom } from './newcomer.ts';
import type { UpstreamProvider } from './provider.ts';

type Stores = DirectoryStores & { audit: AuditStore };

/** Whose identity it is. */
export type Acceptance =
  | { kind: 'user'; user: DirectoryObject }
  /** Nobody has it. */
  | { kind: 'newcomer'; newcomer: Newcomer }
  /** The person of that name here has another identity of this provider (bad-inputs 17: a name that was given anew). */
  | { kind: 'nameOfAnother'; user: DirectoryObject };

/**
 * Finds the user of an identity. It is known by issuer and subject alone, never by an e-mail address. Only people
 * of domains that the tenant itself has given to the provider are found by their user principal name, once: it owns the
 * domain, and says that the provider speaks for it.
 */
export async function acceptIdentity(
  stores: Stores,
  act: Act,
  tenant: Tenant,
  provider: UpstreamProvider,
  { subject }: UpstreamIdentity,
  claims: readonly Claim[],
): Promise<Acceptance> {
  const identity = { signInType: 'federated', issuer: provider.issuer, issuerAssignedId: subject };
  const known = await stores.objects.findByName(tenant.id, identitySpace, identityName(identity));
  if (known?.kind === 'user') return { kind: 'user', user: known };

  const name = nameIn(federatedDomainsOf(tenant, provider), claims);
  const named = name === undefined ? undefined : await findUser(stores, tenant.id, name);
  if (named) {
    if (isSomebodyElse(named, provider, claims)) return { kind: 'nameOfAnother', user: named };
    return { kind: 'user', user: await linkIdentity(stores, act, named.id, identity) };
  }
  return { kind: 'newcomer', newcomer: newcomerFrom(identity, claims, name) };
}

/** The user principal name that the provider may state. */
function nameIn(domains: readonly string[], claims: readonly Claim[]): string | undefined {
  return claims.find(({ type, value }) => type === subjectClaimTypes.upn && domains.includes(domainOf(value)))?.value;
}

/** Whoever has an identity of this provider already, or another anchor in the directory on premises, is not meant. */
function isSomebodyElse(user: DirectoryObject, { issuer }: UpstreamProvider, claims: readonly Claim[]): boolean {
  const anchor = claims.find(({ type }) => type === immutableIdClaim)?.value;
  const own = user.attributes['onPremisesImmutableId'];
  if (anchor !== undefined && typeof own === 'string' && own !== anchor) return true;
  return identitiesOf(user).some((other) => other.signInType === 'federated' && fold(other.issuer) === fold(issuer));
}
