import { isDeepStrictEqual } from 'node:util';
import { type Act, type AuditChange, type AuditStore, auditEvent } from '../audit/index.ts';
import { type DirectoryStores, fold, getTenant } from '../directory/index.ts';
import type { RuleGroupStores } from '../rule-groups/index.ts';
import { checkAcceptanceRules } from './acceptance-rules.ts';
import { checkProvider } from './check-provider.ts';
import { refuse } from './errors.ts';
import { federatedDomainsOf } from './federated-domains.ts';
import { completeProvider, type ProviderInput, type UpstreamProvider } from './provider.ts';
import type { UpstreamProviderStore } from './store.ts';

interface Reading {
  upstreamProviders: UpstreamProviderStore;
}
type Writing = Reading & Pick<DirectoryStores, 'tenants'> & RuleGroupStores & { audit: AuditStore };

/** @throws Refusal `upstream-providers.not_found` */
export async function getProvider(
  { upstreamProviders }: Reading,
  tenantId: string,
  id: string,
): Promise<UpstreamProvider> {
  const found = await upstreamProviders.find(tenantId, id);
  if (!found) throw refuse('upstream-providers.not_found', { id: id.slice(0, 100) });
  return found;
}

/**
 * Trusts an identity provider. Without an id it gets one from its name and protocol, as Microsoft Graph gives them.
 *
 * @param secret  by which we prove ourselves to the provider
 * @throws Refusal `upstream-providers.exists`, and as `changeProvider`
 */
export async function createProvider(
  stores: Writing,
  act: Act,
  input: ProviderInput,
  secret?: string | null,
): Promise<UpstreamProvider> {
  await stores.upstreamProviders.lock(act.tenantId);
  const provider = completeProvider({ ...input, id: input.id ?? madeUpId(input) });
  if (await stores.upstreamProviders.find(act.tenantId, provider.id)) {
    throw refuse('upstream-providers.exists', { id: provider.id });
  }
  await save(stores, act, undefined, provider, secret);
  return provider;
}

/**
 * Changes what is given of a provider, if anything of it does; it holds from the next request on, also for sign-ins that are under way. People who
 * came from it are known by its issuer: with another one they are strangers.
 *
 * @param secret  undefined leaves it; null takes it away
 * @throws Refusal `upstream-providers.not_found`, `upstream-providers.invalid`, `upstream-providers.issuer_taken`,
 *   `upstream-providers.domain_taken`, and as `composeRules` for groups that cannot be included
 */
export async function changeProvider(
  stores: Writing,
  act: Act,
  id: string,
  input: ProviderInput,
  secret?: string | null,
): Promise<UpstreamProvider> {
  await stores.upstreamProviders.lock(act.tenantId);
  const before = await getProvider(stores, act.tenantId, id);
  const after = completeProvider({ ...input, id: before.id }, before);
  await save(stores, act, before, after, secret);
  return after;
}

/** @throws Refusal `upstream-providers.not_found`, `upstream-providers.federates_domains` */
export async function removeProvider(stores: Writing, act: Act, id: string): Promise<void> {
  const before = await getProvider(stores, act.tenantId, id);
  const federated = federatedDomainsOf(await getTenant(stores, act.tenantId), before);
  if (federated.length > 0) {
    throw refuse('upstream-providers.federates_domains', { id: before.id, domains: federated.join(', ') });
  }
  await stores.upstreamProviders.remove(act.tenantId, before.id, act.now);
  await stores.audit.append([
    auditEvent(act, 'identityProvider.delete', audited(before), changesOf(before, undefined)),
  ]);
}

async function save(
  stores: Writing,
  act: Act,
  before: UpstreamProvider | undefined,
  after: UpstreamProvider,
  secret: string | null | undefined,
): Promise<void> {
  const changes = changesOf(before, after);
  if (changes.length === 0 && secret === undefined) return;
  checkProvider(after);
  await stores.ruleGroups.lock(act.tenantId);
  await checkAcceptanceRules(stores, act.tenantId, after);
  await checkClaimed(stores, act.tenantId, after);
  await stores.upstreamProviders.save(act.tenantId, after, act.now);
  if (secret !== undefined) {
    await stores.upstreamProviders.saveSecret(act.tenantId, after.id, secret, act.now);
    changes.push({ property: 'clientSecret' });
  }
  const verb = before ? 'identityProvider.update' : 'identityProvider.create';
  await stores.audit.append([auditEvent(act, verb, audited(after), changes)]);
}

/** One issuer, and one domain, belongs to one provider; and none speaks for what the tenant itself has proven to own. */
async function checkClaimed(stores: Writing, tenantId: string, provider: UpstreamProvider): Promise<void> {
  const others = (await stores.upstreamProviders.list(tenantId)).filter(({ id }) => fold(id) !== fold(provider.id));
  const { issuer } = provider;
  const twin = others.find((other) => fold(other.issuer) === fold(issuer));
  if (twin) throw refuse('upstream-providers.issuer_taken', { issuer, other: twin.id });
  const wanted = new Set(provider.domains);
  for (const other of others) {
    const domain = other.domains.find((claimed) => wanted.has(claimed));
    if (domain !== undefined) throw refuse('upstream-providers.domain_taken', { domain, other: other.id });
  }
  const { domains } = await getTenant(stores, tenantId);
  const own = domains.find(({ name, verifiedAt }) => verifiedAt && wanted.has(name));
  if (own) {
    const problem = `${own.name} is a verified domain of the tenant itself, which is federated by an operation of its own`;
    throw refuse('upstream-providers.invalid', { id: provider.id, problem });
  }
}

function madeUpId({ displayName = '', protocol = 'oidc' }: ProviderInput): string {
  const name = displayName.normalize('NFKD').replace(/[^a-z0-9]+/gi, '');
  return `${name.slice(0, 50) || 'Provider'}-${protocol.toUpperCase()}`;
}

function audited({ id, displayName }: UpstreamProvider) {
  return { kind: 'identityProvider', id, name: displayName };
}

function changesOf(before: UpstreamProvider | undefined, after: UpstreamProvider | undefined): AuditChange[] {
  const names = new Set(Object.keys({ ...before, ...after })) as Set<keyof UpstreamProvider>;
  return [...names].flatMap((property) => {
    const change = { before: before?.[property], after: after?.[property] };
    return isDeepStrictEqual(change.before, change.after) ? [] : [{ property, ...change }];
  });
}
