import { createHash } from 'node:crypto';
import { type Act, type AuditChange, type AuditStore, auditEvent } from '../audit/index.ts';
import { refuse } from './errors.ts';
import { identitySearchText } from './identity.ts';
import type { DirectoryStores } from './store.ts';
import type { Tenant, TenantDomain, TenantSettings } from './tenant.ts';
import { checkTenantName, parseDomain, parseHost } from './tenant-name.ts';

type Stores = Pick<DirectoryStores, 'tenants'> & { audit: AuditStore };

export interface NewTenant {
  /** Short name for URLs. */
  name: string;
  displayName: string;
  /** Default: `<name>.onmicrosoft.com`, the form that Microsoft's clients know. */
  initialDomain?: string;
  hosts?: readonly string[];
  settings?: TenantSettings;
  /** Default: a new GUID. */
  id?: string;
}

const longestDisplayName = 256;

/**
 * Makes a tenant. Its initial domain counts as verified: whoever may make tenants answers for it. The audit event goes to
 * the new tenant.
 *
 * @throws Refusal `directory.tenant_name_invalid`, `directory.tenant_name_taken`, `directory.domain_invalid`,
 *   `directory.domain_taken`, `directory.host_invalid`, `directory.host_taken`
 */
export async function createTenant(stores: Stores, act: Act, wanted: NewTenant): Promise<Tenant> {
  const { name, displayName, initialDomain = `${name}.onmicrosoft.com`, hosts = [], settings = {} } = wanted;
  checkTenantName(name);
  const tenant: Tenant = {
    id: wanted.id ?? act.newId(),
    name,
    displayName: displayName.slice(0, longestDisplayName),
    createdAt: act.now,
    domains: [{ name: parseDomain(initialDomain), isInitial: true, isDefault: true, verifiedAt: act.now }],
    hosts: [...new Set(hosts.map(parseHost))].sort(),
    settings,
  };
  await stores.tenants.insert(tenant);
  await tell(stores, { ...act, tenantId: tenant.id }, 'create', tenant, [
    { property: 'name', after: name },
    { property: 'domains', after: tenant.domains.map((domain) => domain.name) },
    { property: 'hosts', after: tenant.hosts },
  ]);
  return tenant;
}

/**
 * Changes the tenant of the act.
 * @throws Refusal `directory.tenant_not_found`, `directory.tenant_name_invalid`, `directory.tenant_name_taken`
 */
export async function updateTenant(
  stores: Stores,
  act: Act,
  change: { name?: string; displayName?: string; settings?: TenantSettings },
): Promise<Tenant> {
  const before = await getTenant(stores, act.tenantId);
  const after = { ...before, ...change, settings: { ...before.settings, ...change.settings } };
  if (after.name !== before.name) checkTenantName(after.name);
  await stores.tenants.update(after, act.now);
  const changes = (['name', 'displayName', 'settings'] as const)
    .filter((property) => JSON.stringify(before[property]) !== JSON.stringify(after[property]))
    .map((property) => ({ property, before: before[property], after: after[property] }));
  await tell(stores, act, 'update', after, changes);
  return after;
}

/**
 * Removes the tenant of the act with everything in it, for good. Its audit events stay.
 * @throws Refusal `directory.tenant_not_found`
 */
export async function deleteTenant(stores: Stores, act: Act): Promise<void> {
  const tenant = await getTenant(stores, act.tenantId);
  await stores.tenants.delete(tenant.id, act.now);
  await tell(stores, act, 'delete', tenant);
}

/** @throws Refusal `directory.tenant_not_found` */
export async function getTenant(stores: Pick<DirectoryStores, 'tenants'>, tenantId: string): Promise<Tenant> {
  const tenant = await stores.tenants.find(tenantId);
  if (!tenant) throw refuse('directory.tenant_not_found', { tenant: tenantId });
  return tenant;
}

/**
 * Adds a domain, not verified yet: it neither leads to the tenant nor carries names of users.
 * @throws Refusal `directory.domain_invalid`
 */
export async function addDomain(stores: Stores, act: Act, name: string): Promise<TenantDomain> {
  const tenant = await getTenant(stores, act.tenantId);
  const domain = { name: parseDomain(name), isInitial: false, isDefault: false, verifiedAt: null };
  const known = tenant.domains.find((other) => other.name === domain.name);
  if (known) return known;
  await stores.tenants.saveDomain(tenant.id, domain, act.now);
  await tell(stores, act, 'add_domain', tenant, [{ property: 'domain', after: domain.name }]);
  return domain;
}

/**
 * How somebody knows that a domain belongs to the tenant: the values of its TXT records, as the DNS just gave them; or the
 * word of whoever runs the hub, for domains that no DNS knows. An administrator of a tenant must never give the latter.
 */
export type DomainProof = { by: 'dns'; txtRecords: readonly string[] } | { by: 'operator' };

/** The TXT record that proves a domain. Another tenant's proof is another text. */
export function expectedTxtRecord(tenantId: string, domain: string): string {
  return `countersign-domain=${createHash('sha256').update(`${tenantId} ${domain}`).digest('hex').slice(0, 40)}`;
}

/**
 * Verifies a domain of the tenant. Only one tenant can have a domain verified.
 * @throws Refusal `directory.domain_not_found`, `directory.domain_not_proven`, `directory.domain_taken`
 */
export async function verifyDomain(stores: Stores, act: Act, name: string, proof: DomainProof): Promise<TenantDomain> {
  const tenant = await getTenant(stores, act.tenantId);
  const domain = getDomain(tenant, name);
  if (domain.verifiedAt) return domain;
  const expected = expectedTxtRecord(tenant.id, domain.name);
  if (proof.by === 'dns' && !proof.txtRecords.includes(expected)) {
    throw refuse('directory.domain_not_proven', { domain: domain.name, expected });
  }
  const verified = { ...domain, verifiedAt: act.now };
  await stores.tenants.saveDomain(tenant.id, verified, act.now);
  const changes = [
    { property: 'domain', after: domain.name },
    { property: 'proof', after: proof.by },
  ];
  await tell(stores, act, 'verify_domain', tenant, changes);
  return verified;
}

/**
 * Makes a verified domain the one from which new users get their names.
 * @throws Refusal `directory.domain_not_found`, `directory.domain_not_verified`
 */
export async function makeDomainDefault(stores: Stores, act: Act, name: string): Promise<void> {
  const tenant = await getTenant(stores, act.tenantId);
  const domain = getDomain(tenant, name);
  if (!domain.verifiedAt) throw refuse('directory.domain_not_verified', { domain: domain.name });
  const before = tenant.domains.find(({ isDefault }) => isDefault);
  if (before?.name === domain.name) return;
  if (before) await stores.tenants.saveDomain(tenant.id, { ...before, isDefault: false }, act.now);
  await stores.tenants.saveDomain(tenant.id, { ...domain, isDefault: true }, act.now);
  const changes = [{ property: 'defaultDomain', before: before?.name, after: domain.name }];
  await tell(stores, act, 'update', tenant, changes);
}

/**
 * Removes a domain that nobody uses.
 * @throws Refusal `directory.domain_not_found`, `directory.domain_in_use`
 */
export async function removeDomain(
  stores: Stores & Pick<DirectoryStores, 'objects'>,
  act: Act,
  name: string,
): Promise<void> {
  const tenant = await getTenant(stores, act.tenantId);
  const domain = getDomain(tenant, name);
  const use = await useOf(stores, tenant.id, domain);
  if (use) throw refuse('directory.domain_in_use', { domain: domain.name, use });
  await stores.tenants.removeDomain(tenant.id, domain.name, act.now);
  await tell(stores, act, 'remove_domain', tenant, [{ property: 'domain', before: domain.name }]);
}

/**
 * Lets a host name lead to the tenant.
 * @throws Refusal `directory.host_invalid`, `directory.host_taken`
 */
export async function addHost(stores: Stores, act: Act, name: string): Promise<void> {
  const tenant = await getTenant(stores, act.tenantId);
  const host = parseHost(name);
  if (tenant.hosts.includes(host)) return;
  await stores.tenants.addHost(tenant.id, host, act.now);
  await tell(stores, act, 'add_host', tenant, [{ property: 'host', after: host }]);
}

export async function removeHost(stores: Stores, act: Act, name: string): Promise<void> {
  const tenant = await getTenant(stores, act.tenantId);
  const host = parseHost(name);
  if (!tenant.hosts.includes(host)) return;
  await stores.tenants.removeHost(tenant.id, host, act.now);
  await tell(stores, act, 'remove_host', tenant, [{ property: 'host', before: host }]);
}

function getDomain(tenant: Tenant, name: string): TenantDomain {
  const wanted = parseDomain(name);
  const domain = tenant.domains.find((other) => other.name === wanted);
  if (!domain) throw refuse('directory.domain_not_found', { domain: wanted });
  return domain;
}

/** Why the domain cannot go. */
async function useOf(
  stores: Pick<DirectoryStores, 'objects'>,
  tenantId: string,
  { name, isInitial, isDefault }: TenantDomain,
): Promise<string | undefined> {
  if (isInitial) return 'it is the initial domain';
  if (isDefault) return 'it is the default domain';
  const inName = { op: 'endsWith', attribute: 'userPrincipalName', value: `@${name}` } as const;
  const asIssuer = { op: 'startsWith', attribute: 'identities', value: identitySearchText(name, '') } as const;
  const filter = { op: 'or', terms: [inName, asIssuer] } as const;
  const { items } = await stores.objects.list(tenantId, { kind: 'user', filter, limit: 1 });
  return items[0] && `the user ${items[0].attributes['userPrincipalName']} has it in a sign-in name`;
}

async function tell(
  stores: Stores,
  act: Act,
  verb: string,
  { id, name }: Tenant,
  changes: AuditChange[] = [],
): Promise<void> {
  await stores.audit.append([auditEvent(act, `tenant.${verb}`, { kind: 'tenant', id, name }, changes)]);
}
