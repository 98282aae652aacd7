import { identityProvider, type identityProviderOperations, type ParsedRequestOf } from '@countersign/management-api';
import { getTenant } from '../../../directory/index.ts';
import {
  changeProvider,
  createProvider,
  federateDomains,
  federatedDomainsOf,
  getProvider,
  removeProvider,
  type UpstreamProvider,
} from '../../../upstream-providers/index.ts';
import { answerResource, answerResources } from '../answer-resource.ts';
import type { Call, Handlers, ManagementStores } from '../call.ts';
import {
  localProviders,
  localProviderView,
  newProviderInput,
  protocolOfType,
  providerInput,
  providerView,
} from '../identity-provider-view.ts';

const collection = 'identity/identityProviders';

/** https://learn.microsoft.com/graph/api/resources/identityproviderbase */
export const identityProviderHandlers = {
  listIdentityProviders: async (call) => {
    const trusted = await call.storage.read.upstreamProviders.list(call.tenantId);
    const local = Object.keys(localProviders).map(localProviderView);
    const shown = await Promise.all(trusted.map((provider) => viewOf(call, provider)));
    return answerResources(call, identityProvider, collection, [...local, ...shown]);
  },
  createIdentityProvider: async (call) => {
    const { id, identityProviderType, ...body } = call.body;
    const given = providerInput(protocolOfType(identityProviderType), body, call.act.now);
    const input = newProviderInput(identityProviderType, { ...given, ...(id !== undefined && { id }) });
    const made = await call.storage.write(async (stores) => {
      const provider = await createProvider(stores, call.act, input, body.clientSecret);
      await federate(stores, call, provider, body);
      return provider;
    });
    return answerResource(call, identityProvider, collection, await viewOf(call, made));
  },
  getIdentityProvider: async (call) => {
    const { id } = call.parameters;
    const local = Object.keys(localProviders).find((name) => name.toLowerCase() === id.toLowerCase());
    if (local !== undefined) return answerResource(call, identityProvider, collection, localProviderView(local));
    const found = await getProvider(call.storage.read, call.tenantId, id);
    return answerResource(call, identityProvider, collection, await viewOf(call, found));
  },
  updateIdentityProvider: async (call) => {
    const { id, protocol } = await getProvider(call.storage.read, call.tenantId, call.parameters.id);
    const input = providerInput(protocol, call.body, call.act.now);
    await call.storage.write(async (stores) => {
      const provider = await changeProvider(stores, call.act, id, input, call.body.clientSecret);
      await federate(stores, call, provider, call.body);
    });
    return {};
  },
  deleteIdentityProvider: async (call) => {
    await call.storage.write((stores) => removeProvider(stores, call.act, call.parameters.id));
    return {};
  },
} satisfies Handlers<typeof identityProviderOperations>;

type ChangeBody = ParsedRequestOf<typeof identityProviderOperations.updateIdentityProvider>;

async function federate(
  stores: ManagementStores,
  { act }: Call,
  provider: UpstreamProvider,
  { federatedDomains, isFederationConfirmed = false }: ChangeBody,
): Promise<void> {
  if (federatedDomains) await federateDomains(stores, act, provider, federatedDomains, isFederationConfirmed);
}

async function viewOf(call: Call, provider: UpstreamProvider) {
  const secret = await call.storage.read.upstreamProviders.findSecret(call.tenantId, provider.id);
  const tenant = await getTenant(call.storage.read, call.tenantId);
  const federatedDomains = federatedDomainsOf(tenant, provider);
  return providerView(call, provider, { hasClientSecret: secret !== undefined, federatedDomains });
}
