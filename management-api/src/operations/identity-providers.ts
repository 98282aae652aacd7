import { access } from '../access.ts';
import type { Operations } from '../operation.ts';
import { deleting } from '../operation-forms.ts';
import {
  createIdentityProviderRequest,
  createSetupLinkRequest,
  identityProvider,
  setupLink,
  updateIdentityProviderRequest,
} from '../resources/identity-provider.ts';
import { collection } from '../resources/property.ts';

export const readProviders = access(
  ['IdentityProvider.Read.All', 'IdentityProvider.ReadWrite.All'],
  ['External Identity Provider Administrator', 'External ID User Flow Administrator', 'Global Reader'],
);
export const writeProviders = access(['IdentityProvider.ReadWrite.All'], ['External Identity Provider Administrator']);

/** Where people come from. https://learn.microsoft.com/graph/api/resources/identityproviderbase */
export const identityProviderOperations = {
  listIdentityProviders: {
    method: 'GET',
    path: '/identity/identityProviders',
    summary: 'Lists where people can come from: kinds of local accounts, and the identity providers that are trusted.',
    access: readProviders,
    query: ['$select'],
    response: collection(identityProvider.schema),
    status: 200,
  },
  createIdentityProvider: {
    method: 'POST',
    path: '/identity/identityProviders',
    summary: 'Trusts an identity provider: a vendor that is known, or any by OpenID Connect.',
    access: writeProviders,
    request: createIdentityProviderRequest,
    response: identityProvider.schema,
    status: 201,
  },
  createSetupLink: {
    method: 'POST',
    path: '/identity/setupLinks',
    summary:
      'Makes a link by which the administrator of an identity provider gives its metadata, once. It is shown this once.',
    access: writeProviders,
    request: createSetupLinkRequest,
    response: setupLink.schema,
    status: 201,
  },
  deleteSetupLink: {
    ...deleting,
    path: '/identity/setupLinks/{id}',
    summary: 'Takes a setup link back.',
    access: writeProviders,
  },
  getIdentityProvider: {
    method: 'GET',
    path: '/identity/identityProviders/{id}',
    summary: 'Reads an identity provider.',
    access: readProviders,
    query: ['$select'],
    response: identityProvider.schema,
    status: 200,
  },
  updateIdentityProvider: {
    method: 'PATCH',
    path: '/identity/identityProviders/{id}',
    summary: 'Changes how an identity provider is trusted, from the next request on.',
    access: writeProviders,
    request: updateIdentityProviderRequest,
    status: 204,
  },
  refreshIdentityProviderMetadata: {
    method: 'POST',
    path: '/identity/identityProviders/{id}/refreshMetadata',
    summary: 'Fetches the metadata of an identity provider from its address now.',
    access: writeProviders,
    response: identityProvider.schema,
    status: 200,
  },
  deleteIdentityProvider: {
    ...deleting,
    path: '/identity/identityProviders/{id}',
    summary: 'Trusts an identity provider no more. Its people keep their accounts, and cannot sign in by it.',
    access: writeProviders,
  },
} as const satisfies Operations;
