import {
  identityProvider,
  type identityProviderOperations,
  type ParsedRequestOf,
  setupLink,
} from '@countersign/management-api';
import { getTenant } from '../../../directory/index.ts';
import {
  createSetupLink,
  type Described,
  describeProvider,
  followMetadata,
  isSameSource,
  refreshFollowed,
  revokeSetupLink,
  stopFollowing,
} from '../../../federation-metadata/index.ts';
import {
  changeProvider,
  createProvider,
  federateDomains,
  federatedDomainsOf,
  getProvider,
  type ProviderInput,
  removeProvider,
  type UpstreamProvider,
} from '../../../upstream-providers/index.ts';
import { answerResource, answerResources } from '../answer-resource.ts';
import type { Call, Handlers, ManagementStores } from '../call.ts';
import { badRequest } from '../error.ts';
import {
  localProviders,
  localProviderView,
  newProviderInput,
  protocolOfType,
  providerInput,
  providerView,
} from '../identity-provider-view.ts';
import { readMetadata } from '../metadata-view.ts';

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
    const protocol = protocolOfType(identityProviderType);
    const described = await metadataOf(call, protocol, body);
    const given = providerInput(protocol, body, described?.input);
    const input = newProviderInput(identityProviderType, { ...given, ...(id !== undefined && { id }) });
    const made = await call.storage.write(async (stores) => {
      const provider = await createProvider(stores, call.act, input, body.clientSecret);
      await changeBeside(stores, call, provider, body, described);
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
    const body = await withoutKnownSource(call, id, call.body);
    const described = await metadataOf(call, protocol, body);
    const input = providerInput(protocol, body, described?.input);
    await call.storage.write(async (stores) => {
      const provider = await changeProvider(stores, call.act, id, input, body.clientSecret);
      await changeBeside(stores, call, provider, body, described);
    });
    return {};
  },
  refreshIdentityProviderMetadata: async (call) => {
    const provider = await getProvider(call.storage.read, call.tenantId, call.parameters.id);
    await refreshFollowed(call.storage, call.act, call.fetchMetadata, partyOf(provider));
    const after = await getProvider(call.storage.read, call.tenantId, provider.id);
    return answerResource(call, identityProvider, collection, await viewOf(call, after));
  },
  createSetupLink: async (call) => {
    const { identityProviderType, expiresInDays, ...provider } = call.body;
    const protocol = identityProviderType === 'SAML' ? 'saml' : 'wsFederation';
    const secret = Buffer.from(call.randomBytes(32)).toString('base64url');
    const expiresAt = new Date(call.act.now.getTime() + expiresInDays * 86_400_000);
    const awaited = { ...provider, protocol } as const;
    const id = await call.storage.write((stores) => createSetupLink(stores, call.act, awaited, secret, expiresAt));
    const address = `${call.url.origin}/${call.tenantId}/setup-link/${secret}`;
    return answerResource(call, setupLink, 'identity/setupLinks', {
      id,
      address,
      identityProviderId: provider.id,
      expiresDateTime: expiresAt.toISOString(),
    });
  },
  deleteSetupLink: async (call) => {
    await call.storage.write((stores) => revokeSetupLink(stores, call.act, call.parameters.id));
    return {};
  },
  deleteIdentityProvider: async (call) => {
    const provider = await getProvider(call.storage.read, call.tenantId, call.parameters.id);
    await call.storage.write(async (stores) => {
      await removeProvider(stores, call.act, provider.id);
      await stopFollowing(stores, call.act, partyOf(provider));
    });
    return {};
  },
} satisfies Handlers<typeof identityProviderOperations>;

type ChangeBody = ParsedRequestOf<typeof identityProviderOperations.updateIdentityProvider>;

/** What the metadata says that the request gives; providers of OpenID Connect have none. */
async function metadataOf(
  call: Call,
  protocol: UpstreamProvider['protocol'],
  body: ChangeBody,
): Promise<Described<ProviderInput> | undefined> {
  if (protocol === 'oidc') {
    if (body.metadataSource)
      throw badRequest('Providers of OpenID Connect need none: their issuer has a discovery document.');
    return undefined;
  }
  return readMetadata(call, body, (document, entityId) => describeProvider(protocol, document, entityId, call.act.now));
}

/** The body without a source that is followed already: whoever applies a file again changes nothing. */
async function withoutKnownSource({ storage, tenantId }: Call, id: string, body: ChangeBody): Promise<ChangeBody> {
  const { metadataSource, ...rest } = body;
  if (!metadataSource) return body;
  const followed = await storage.read.followedMetadata.find(tenantId, { kind: 'identityProvider', id });
  return isSameSource(followed?.source, metadataSource) ? rest : body;
}

/** What is kept beside the provider itself: where its metadata comes from, and domains of the tenant. */
async function changeBeside(
  stores: ManagementStores,
  { act }: Call,
  provider: UpstreamProvider,
  { federatedDomains, isFederationConfirmed = false, metadataSource }: ChangeBody,
  described: Described<object> | undefined,
): Promise<void> {
  if (federatedDomains) await federateDomains(stores, act, provider, federatedDomains, isFederationConfirmed);
  if (metadataSource && described) await followMetadata(stores, act, partyOf(provider), metadataSource, described);
  if (metadataSource === null) await stopFollowing(stores, act, partyOf(provider));
}

function partyOf({ id, displayName }: UpstreamProvider) {
  return { kind: 'identityProvider', id, name: displayName } as const;
}

async function viewOf(call: Call, provider: UpstreamProvider) {
  const { upstreamProviders, followedMetadata } = call.storage.read;
  const secret = await upstreamProviders.findSecret(call.tenantId, provider.id);
  const tenant = await getTenant(call.storage.read, call.tenantId);
  const federatedDomains = federatedDomainsOf(tenant, provider);
  const followed = await followedMetadata.find(call.tenantId, { kind: 'identityProvider', id: provider.id });
  return providerView(call, provider, { hasClientSecret: secret !== undefined, federatedDomains, followed });
}
