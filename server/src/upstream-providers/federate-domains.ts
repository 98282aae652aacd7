import type { Act, AuditStore } from '../audit/index.ts';
import {
  countObjects,
  type DirectoryStores,
  getTenant,
  parseDomain,
  type Tenant,
  updateTenant,
  userKind,
} from '../directory/index.ts';
import { refuse } from './errors.ts';
import { federatedDomainsOf } from './federated-domains.ts';
import type { UpstreamProvider } from './provider.ts';

type Stores = DirectoryStores & { audit: AuditStore };

/**
 * Says whose people of the tenant's own domains sign in at the provider: of all these, and of no other. Users, memberships
 * and assignments stay as they are; only the way to prove who somebody is changes, from the next request on.
 *
 * @param isConfirmed  whoever asks has been told what changes
 * @throws Refusal `upstream-providers.federation_unconfirmed`, which tells it; `upstream-providers.domain_not_own`,
 *   `upstream-providers.domain_taken`, `directory.domain_invalid`
 */
export async function federateDomains(
  stores: Stores,
  act: Act,
  provider: UpstreamProvider,
  wanted: readonly string[],
  isConfirmed: boolean,
): Promise<void> {
  const tenant = await getTenant(stores, act.tenantId);
  const domains = wanted.map(parseDomain);
  const before = federatedDomainsOf(tenant, provider);
  const added = domains.filter((domain) => !before.includes(domain));
  const removed = before.filter((domain) => !domains.includes(domain));
  if (added.length === 0 && removed.length === 0) return;
  for (const domain of added) checkOwn(tenant, provider, domain);
  if (!isConfirmed) {
    const count = await countPeople(stores, act.tenantId, [...added, ...removed]);
    const details = { provider: provider.displayName, count, added: listed(added), removed: listed(removed) };
    throw refuse('upstream-providers.federation_unconfirmed', details);
  }
  const kept = Object.entries(tenant.settings.federatedDomains ?? {}).filter(([domain]) => !removed.includes(domain));
  const federatedDomains = Object.fromEntries([...kept, ...added.map((domain) => [domain, provider.id] as const)]);
  await updateTenant(stores, act, { settings: { federatedDomains } });
}

/** Administrators must be able to get in without the provider: the initial domain stays the tenant's. */
function checkOwn({ domains, settings }: Tenant, { id }: UpstreamProvider, domain: string): void {
  const own = domains.find(({ name }) => name === domain);
  if (!own?.verifiedAt || own.isInitial) throw refuse('upstream-providers.domain_not_own', { domain });
  const other = settings.federatedDomains?.[domain];
  if (other !== undefined && other !== id) throw refuse('upstream-providers.domain_taken', { domain, other });
}

async function countPeople(stores: Stores, tenantId: string, domains: readonly string[]): Promise<number> {
  let count = 0;
  for (const domain of domains) {
    const filter = { op: 'endsWith', attribute: 'userPrincipalName', value: `@${domain}` } as const;
    count += await countObjects(stores, tenantId, userKind, filter);
  }
  return count;
}

function listed(domains: readonly string[]): string {
  return domains.length === 0 ? 'none' : domains.join(', ');
}
