import { access, readDirectory } from '../access.ts';
import type { Operations } from '../operation.ts';
import { deleting } from '../operation-forms.ts';
import { createDomainRequest, domain, domainDnsRecord, updateDomainRequest } from '../resources/domain.ts';
import { organization, updateOrganizationRequest } from '../resources/organization.ts';
import { collection } from '../resources/property.ts';

const readDomains = access(
  ['Domain.Read.All', 'Domain.ReadWrite.All', 'Directory.Read.All'],
  ['Domain Name Administrator', 'Global Reader', 'Directory Readers'],
);
const writeDomains = access(['Domain.ReadWrite.All'], ['Domain Name Administrator']);

/** The tenant itself and its domains. https://learn.microsoft.com/graph/api/resources/organization */
export const organizationOperations = {
  listOrganization: {
    method: 'GET',
    path: '/organization',
    summary: 'Lists the one organization that the tenant is.',
    access: { ...readDirectory, delegated: ['User.Read', ...readDirectory.delegated], roles: null },
    query: ['$select'],
    response: collection(organization.schema),
    status: 200,
  },
  getOrganization: {
    method: 'GET',
    path: '/organization/{id}',
    summary: 'Reads the organization.',
    access: { ...readDirectory, delegated: ['User.Read', ...readDirectory.delegated], roles: null },
    query: ['$select'],
    response: organization.schema,
    status: 200,
  },
  updateOrganization: {
    method: 'PATCH',
    path: '/organization/{id}',
    summary: 'Changes the name by which people know the organization.',
    access: access(['Organization.ReadWrite.All'], []),
    request: updateOrganizationRequest,
    status: 204,
  },
  listDomains: {
    method: 'GET',
    path: '/domains',
    summary: 'Lists the domains of the tenant.',
    access: readDomains,
    query: ['$select'],
    response: collection(domain.schema),
    status: 200,
  },
  getDomain: {
    method: 'GET',
    path: '/domains/{id}',
    summary: 'Reads a domain, by its name.',
    access: readDomains,
    query: ['$select'],
    response: domain.schema,
    status: 200,
  },
  createDomain: {
    method: 'POST',
    path: '/domains',
    summary: 'Adds a domain, which carries names only after its ownership is proven.',
    access: writeDomains,
    request: createDomainRequest,
    response: domain.schema,
    status: 201,
  },
  updateDomain: {
    method: 'PATCH',
    path: '/domains/{id}',
    summary: 'Makes a verified domain the default one.',
    access: writeDomains,
    request: updateDomainRequest,
    status: 204,
  },
  deleteDomain: { ...deleting, path: '/domains/{id}', summary: 'Removes a domain.', access: writeDomains },
  listDomainVerificationDnsRecords: {
    method: 'GET',
    path: '/domains/{id}/verificationDnsRecords',
    summary: 'Lists the DNS record that proves the ownership of the domain.',
    access: readDomains,
    response: collection(domainDnsRecord.schema),
    status: 200,
  },
  verifyDomain: {
    method: 'POST',
    path: '/domains/{id}/verify',
    summary: 'Looks for the DNS record, and makes the domain one of the tenant when it is there.',
    access: writeDomains,
    response: domain.schema,
    status: 200,
  },
} as const satisfies Operations;
