import {
  externalDomainFederation,
  externalDomainName,
  type federationConfigurationOperations,
  internalDomainFederation,
} from '@countersign/management-api';
import { getTenant, parseDomain } from '../../../directory/index.ts';
import { stopFollowing } from '../../../federation-metadata/index.ts';
import {
  changeProvider,
  createProvider,
  federateDomains,
  federatedDomainsOf,
  removeProvider,
} from '../../../upstream-providers/index.ts';
import { answerResource, answerResources } from '../answer-resource.ts';
import type { Call, CallWithId, Handlers, ManagementStores } from '../call.ts';
import { notFound } from '../error.ts';
import {
  type AssertionProvider,
  externalFederationView,
  federationInput,
  internalFederationView,
  issuesAssertions,
} from '../federation-configuration-view.ts';

const internal = 'domains/federationConfiguration';
const external = 'directory/federationConfigurations';

export const federationConfigurationHandlers = {
  listDomainFederations: async (call) => {
    const { name } = await namedDomain(call);
    const found = await providerOf(call, name);
    return answerResources(call, internalDomainFederation, internal, found ? [internalFederationView(found)] : []);
  },
  getDomainFederation: async (call) =>
    answerResource(call, internalDomainFederation, internal, internalFederationView(await namedProviderOf(call))),
  createDomainFederation: async (call) => {
    const { name } = await namedDomain(call);
    const made = await call.storage.write(async (stores) => {
      const provider = await createProvider(stores, call.act, federationInput(call.body));
      await federateDomains(stores, call.act, provider, [name], true);
      return provider as AssertionProvider;
    });
    return answerResource(call, internalDomainFederation, internal, internalFederationView(made));
  },
  updateDomainFederation: async (call) => {
    const before = await namedProviderOf(call);
    const input = federationInput(call.body, before);
    await call.storage.write((stores) => changeProvider(stores, call.act, before.id, input));
    return {};
  },
  deleteDomainFederation: async (call) => {
    const { name } = await namedDomain(call);
    const provider = await namedProviderOf(call);
    await call.storage.write(async (stores) => {
      const domains = federatedDomainsOf(await getTenant(stores, call.tenantId), provider);
      const kept = domains.filter((domain) => domain !== name);
      await federateDomains(stores, call.act, provider, kept, true);
      if (kept.length === 0 && provider.domains.length === 0) await remove(stores, call, provider);
    });
    return {};
  },
  listExternalFederations: async (call) => {
    const found = await externalProviders(call);
    return answerResources(call, externalDomainFederation, external, found.map(externalFederationView));
  },
  getExternalFederation: async (call) =>
    answerResource(call, externalDomainFederation, external, externalFederationView(await namedExternal(call))),
  createExternalFederation: async (call) => {
    const { domains = [], ...body } = call.body;
    const input = { ...federationInput(body), domains: domains.map(({ id }) => id) };
    const made = await call.storage.write((stores) => createProvider(stores, call.act, input));
    return answerResource(call, externalDomainFederation, external, externalFederationView(made as AssertionProvider));
  },
  updateExternalFederation: async (call) => {
    const before = await namedExternal(call);
    const input = federationInput(call.body, before);
    await call.storage.write((stores) => changeProvider(stores, call.act, before.id, input));
    return {};
  },
  deleteExternalFederation: async (call) => {
    const provider = await namedExternal(call);
    await call.storage.write((stores) => remove(stores, call, provider));
    return {};
  },
  listExternalFederationDomains: async (call) => {
    const { domains } = await namedExternal(call);
    const shown = domains.map((id) => ({ id }));
    return answerResources(call, externalDomainName, `${external}/domains`, shown);
  },
  addExternalFederationDomain: async (call) => {
    const { id, domains } = await namedExternal(call);
    const added = parseDomain(call.body.id);
    const input = { domains: [...domains.filter((domain) => domain !== added), added] };
    await call.storage.write((stores) => changeProvider(stores, call.act, id, input));
    return answerResource(call, externalDomainName, `${external}/domains`, { id: added });
  },
  removeExternalFederationDomain: async (call) => {
    const { domainId } = call.parameters;
    const { id, domains } = await namedExternal(call);
    const kept = domains.filter((domain) => domain !== domainId.toLowerCase());
    if (kept.length === domains.length) throw notFound(domainId);
    await call.storage.write((stores) => changeProvider(stores, call.act, id, { domains: kept }));
    return {};
  },
} satisfies Handlers<typeof federationConfigurationOperations>;

async function namedDomain(call: CallWithId) {
  const found = await call.storage.read.tenants.findDomain(call.tenantId, call.parameters.id);
  if (!found) throw notFound(call.parameters.id);
  return found;
}

/** The provider at which people of a domain of the tenant sign in. One of OpenID Connect has no configuration here. */
async function providerOf({ storage, tenantId }: Call, domain: string): Promise<AssertionProvider | undefined> {
  const tenant = await getTenant(storage.read, tenantId);
  const providers = await storage.read.upstreamProviders.list(tenantId);
  return providers.filter(issuesAssertions).find((each) => federatedDomainsOf(tenant, each).includes(domain));
}

async function namedProviderOf(
  call: CallWithId & { parameters: { federationId: string } },
): Promise<AssertionProvider> {
  const { federationId } = call.parameters;
  const found = await providerOf(call, (await namedDomain(call)).name);
  if (found?.id.toLowerCase() !== federationId.toLowerCase()) throw notFound(federationId);
  return found;
}

async function externalProviders({ storage, tenantId }: Call): Promise<AssertionProvider[]> {
  const tenant = await getTenant(storage.read, tenantId);
  const providers = await storage.read.upstreamProviders.list(tenantId);
  return providers.filter(issuesAssertions).filter((each) => federatedDomainsOf(tenant, each).length === 0);
}

async function namedExternal(call: CallWithId): Promise<AssertionProvider> {
  const { id } = call.parameters;
  const found = (await externalProviders(call)).find((each) => each.id.toLowerCase() === id.toLowerCase());
  if (!found) throw notFound(id);
  return found;
}

async function remove(stores: ManagementStores, { act }: Call, { id, displayName }: AssertionProvider): Promise<void> {
  await removeProvider(stores, act, id);
  await stopFollowing(stores, act, { kind: 'identityProvider', id, name: displayName });
}
