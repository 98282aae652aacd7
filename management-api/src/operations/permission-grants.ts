import { readConsent, writeConsent } from '../access.ts';
import type { Operation, Operations } from '../operation.ts';
import { deleting } from '../operation-forms.ts';
import {
  createOauth2PermissionGrantRequest,
  oauth2PermissionGrant,
  updateOauth2PermissionGrantRequest,
} from '../resources/permission.ts';
import { collection } from '../resources/property.ts';

const listingGrants = {
  method: 'GET',
  access: readConsent,
  query: ['$select', '$filter', '$top', '$skiptoken'],
  response: collection(oauth2PermissionGrant.schema),
  status: 200,
} as const satisfies Partial<Operation>;

/** Consent to delegated permissions. https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant */
export const permissionGrantOperations = {
  listOauth2PermissionGrants: {
    ...listingGrants,
    path: '/oauth2PermissionGrants',
    summary: 'Lists the consent that was given in the tenant.',
  },
  createOauth2PermissionGrant: {
    method: 'POST',
    path: '/oauth2PermissionGrants',
    summary: 'Lets a client act for a user, or for everybody, at a resource.',
    access: writeConsent,
    request: createOauth2PermissionGrantRequest,
    response: oauth2PermissionGrant.schema,
    status: 201,
  },
  getOauth2PermissionGrant: {
    method: 'GET',
    path: '/oauth2PermissionGrants/{id}',
    summary: 'Reads a consent.',
    access: readConsent,
    query: ['$select'],
    response: oauth2PermissionGrant.schema,
    status: 200,
  },
  updateOauth2PermissionGrant: {
    method: 'PATCH',
    path: '/oauth2PermissionGrants/{id}',
    summary: 'Changes the scope of a consent.',
    access: writeConsent,
    request: updateOauth2PermissionGrantRequest,
    status: 204,
  },
  deleteOauth2PermissionGrant: {
    ...deleting,
    path: '/oauth2PermissionGrants/{id}',
    summary: 'Takes a consent back.',
    access: writeConsent,
  },
  listServicePrincipalOauth2PermissionGrants: {
    ...listingGrants,
    path: '/servicePrincipals/{id}/oauth2PermissionGrants',
    summary: 'Lists the consent that was given to the client.',
  },
  listUserOauth2PermissionGrants: {
    ...listingGrants,
    path: '/users/{id}/oauth2PermissionGrants',
    summary: 'Lists the consent that was given for the user alone.',
  },
} as const satisfies Operations;
