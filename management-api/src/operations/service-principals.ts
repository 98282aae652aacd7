import { readApplications, readGroups, writeApplications } from '../access.ts';
import type { Operations } from '../operation.ts';
import {
  checkingMemberGroups,
  counting,
  deleting,
  gettingMemberGroups,
  linking,
  listing,
  listingRelated,
  reading,
} from '../operation-forms.ts';
import { addPasswordRequest, passwordCredential, removePasswordRequest } from '../resources/credential.ts';
import {
  createServicePrincipalRequest,
  servicePrincipal,
  updateServicePrincipalRequest,
} from '../resources/service-principal.ts';

/** https://learn.microsoft.com/graph/api/resources/serviceprincipal */
export const servicePrincipalOperations = {
  listServicePrincipals: {
    ...listing(servicePrincipal),
    path: '/servicePrincipals',
    summary: 'Lists the service principals of the tenant.',
    access: readApplications,
  },
  countServicePrincipals: {
    ...counting,
    path: '/servicePrincipals/$count',
    summary: 'Counts the service principals of the tenant.',
    access: readApplications,
  },
  createServicePrincipal: {
    method: 'POST',
    path: '/servicePrincipals',
    summary: 'Lets an application into the tenant.',
    access: writeApplications,
    request: createServicePrincipalRequest,
    response: servicePrincipal.schema,
    status: 201,
  },
  getServicePrincipal: {
    ...reading(servicePrincipal),
    path: '/servicePrincipals/{id}',
    summary: 'Reads a service principal, by id or as appId=...',
    access: readApplications,
  },
  updateServicePrincipal: {
    method: 'PATCH',
    path: '/servicePrincipals/{id}',
    summary: 'Changes what is the service principal’s own.',
    access: writeApplications,
    request: updateServicePrincipalRequest,
    status: 204,
  },
  deleteServicePrincipal: {
    ...deleting,
    path: '/servicePrincipals/{id}',
    summary: 'Puts a service principal into the deleted items, from where it can be restored for 30 days.',
    access: writeApplications,
  },
  addServicePrincipalPassword: {
    method: 'POST',
    path: '/servicePrincipals/{id}/addPassword',
    summary: 'Makes a secret for the service principal. The answer is the only place where it can be read.',
    access: writeApplications,
    request: addPasswordRequest,
    response: passwordCredential,
    status: 200,
  },
  removeServicePrincipalPassword: {
    method: 'POST',
    path: '/servicePrincipals/{id}/removePassword',
    summary: 'Takes a secret from the service principal.',
    access: writeApplications,
    request: removePasswordRequest,
    status: 204,
  },
  listServicePrincipalOwners: {
    ...listingRelated,
    path: '/servicePrincipals/{id}/owners',
    summary: 'Lists the owners of the service principal.',
    access: readApplications,
  },
  addServicePrincipalOwner: {
    ...linking,
    path: '/servicePrincipals/{id}/owners/$ref',
    summary: 'Adds an owner to the service principal.',
    access: writeApplications,
  },
  removeServicePrincipalOwner: {
    ...deleting,
    path: '/servicePrincipals/{id}/owners/{ownerId}/$ref',
    summary: 'Removes an owner from the service principal.',
    access: writeApplications,
  },
  listServicePrincipalOwnedObjects: {
    ...listingRelated,
    path: '/servicePrincipals/{id}/ownedObjects',
    summary: 'Lists the objects of which the service principal is an owner.',
    access: readApplications,
  },
  listServicePrincipalMemberOf: {
    ...listingRelated,
    path: '/servicePrincipals/{id}/memberOf',
    summary: 'Lists the groups and administrative roles of which the service principal is a direct member.',
    access: readGroups,
  },
  listServicePrincipalTransitiveMemberOf: {
    ...listingRelated,
    path: '/servicePrincipals/{id}/transitiveMemberOf',
    summary: 'Lists the groups of which the service principal is a member, directly or through groups.',
    access: readGroups,
  },
  getServicePrincipalMemberGroups: {
    ...gettingMemberGroups,
    path: '/servicePrincipals/{id}/getMemberGroups',
    summary: 'Lists the ids of all groups of which the service principal is a member, directly or through others.',
    access: readGroups,
  },
  checkServicePrincipalMemberGroups: {
    ...checkingMemberGroups,
    path: '/servicePrincipals/{id}/checkMemberGroups',
    summary: 'Says of which of the named groups the service principal is a member, directly or through others.',
    access: readGroups,
  },
  getServicePrincipalMemberObjects: {
    ...gettingMemberGroups,
    path: '/servicePrincipals/{id}/getMemberObjects',
    summary: 'Lists the ids of all groups and administrative roles of which the service principal is a member.',
    access: readGroups,
  },
} as const satisfies Operations;
