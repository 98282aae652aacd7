import type { Operations } from '../operation.ts';
import { deleting, reading } from '../operation-forms.ts';
import {
  addExternalDomainNameRequest,
  createExternalDomainFederationRequest,
  createInternalDomainFederationRequest,
  externalDomainFederation,
  externalDomainName,
  internalDomainFederation,
  updateExternalDomainFederationRequest,
  updateInternalDomainFederationRequest,
} from '../resources/federation-configuration.ts';
import { collection } from '../resources/property.ts';
import { readProviders, writeProviders } from './identity-providers.ts';

const internal = '/domains/{id}/federationConfiguration';
const external = '/directory/federationConfigurations/samlOrWsFedExternalDomainFederation';
const externalDomains = '/directory/federationConfigurations/{id}/samlOrWsFedExternalDomainFederation/domains';

/**
 * Identity providers by the domains of their people, as Microsoft Graph has them: the tenant's own domains, whose people
 * sign in there only (https://learn.microsoft.com/graph/api/resources/internaldomainfederation), and those of others
 * (https://learn.microsoft.com/graph/api/resources/samlorwsfedexternaldomainfederation).
 */
export const federationConfigurationOperations = {
  listDomainFederations: {
    method: 'GET',
    path: internal,
    summary: 'Lists the identity provider at which people of a domain of the tenant sign in, if there is one.',
    access: readProviders,
    query: ['$select'],
    response: collection(internalDomainFederation.schema),
    status: 200,
  },
  createDomainFederation: {
    method: 'POST',
    path: internal,
    summary: 'Trusts an identity provider for a domain of the tenant. From then on its people sign in there only.',
    access: writeProviders,
    request: createInternalDomainFederationRequest,
    response: internalDomainFederation.schema,
    status: 201,
  },
  getDomainFederation: {
    ...reading(internalDomainFederation),
    path: `${internal}/{federationId}`,
    summary: 'Reads how the identity provider of a domain is trusted.',
    access: readProviders,
    query: ['$select'],
  },
  updateDomainFederation: {
    method: 'PATCH',
    path: `${internal}/{federationId}`,
    summary: 'Changes how the identity provider of a domain is trusted, from the next request on.',
    access: writeProviders,
    request: updateInternalDomainFederationRequest,
    status: 204,
  },
  deleteDomainFederation: {
    ...deleting,
    path: `${internal}/{federationId}`,
    summary: 'Lets people of a domain sign in at the tenant again. The identity provider goes with its last domain.',
    access: writeProviders,
  },
  listExternalFederations: {
    method: 'GET',
    path: external,
    summary: 'Lists the identity providers by SAML or WS-Federation at which no domain of the tenant itself signs in.',
    access: readProviders,
    query: ['$select'],
    response: collection(externalDomainFederation.schema),
    status: 200,
  },
  createExternalFederation: {
    method: 'POST',
    path: external,
    summary: 'Trusts an identity provider for people of other domains.',
    access: writeProviders,
    request: createExternalDomainFederationRequest,
    response: externalDomainFederation.schema,
    status: 201,
  },
  getExternalFederation: {
    ...reading(externalDomainFederation),
    path: `${external}/{id}`,
    summary: 'Reads how an identity provider of other domains is trusted.',
    access: readProviders,
    query: ['$select'],
  },
  updateExternalFederation: {
    method: 'PATCH',
    path: `${external}/{id}`,
    summary: 'Changes how an identity provider of other domains is trusted, from the next request on.',
    access: writeProviders,
    request: updateExternalDomainFederationRequest,
    status: 204,
  },
  deleteExternalFederation: {
    ...deleting,
    path: '/directory/federationConfigurations/{id}',
    summary: 'Trusts an identity provider of other domains no more.',
    access: writeProviders,
  },
  listExternalFederationDomains: {
    method: 'GET',
    path: externalDomains,
    summary: 'Lists the domains whose people are at home at the identity provider.',
    access: readProviders,
    response: collection(externalDomainName.schema),
    status: 200,
  },
  addExternalFederationDomain: {
    method: 'POST',
    path: externalDomains,
    summary: 'Adds a domain whose people are at home at the identity provider.',
    access: writeProviders,
    request: addExternalDomainNameRequest,
    response: externalDomainName.schema,
    status: 201,
  },
  removeExternalFederationDomain: {
    ...deleting,
    path: `${externalDomains}/{domainId}`,
    summary: 'Takes a domain from the identity provider.',
    access: writeProviders,
  },
} as const satisfies Operations;
