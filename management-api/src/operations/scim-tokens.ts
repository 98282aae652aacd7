import { access } from '../access.ts';
import type { Operations } from '../operation.ts';
import { collection } from '../resources/property.ts';
import {
  createScimTokenRequest,
  rotateScimTokenRequest,
  scimSettings,
  scimToken,
  updateScimSettingsRequest,
  updateScimTokenRequest,
} from '../resources/scim-token.ts';

const reading = access(
  ['Synchronization.Read.All', 'Synchronization.ReadWrite.All'],
  ['Global Reader', 'Security Reader', 'User Administrator'],
);
/** A token writes users and groups, so whoever makes one must be trusted with these. */
const writing = access(['Synchronization.ReadWrite.All'], ['User Administrator']);

/** The clients that keep the tenant's directory by SCIM. Microsoft Graph has nothing like it. */
export const scimTokenOperations = {
  listScimTokens: {
    method: 'GET',
    path: '/scim/tokens',
    summary: 'Lists the SCIM tokens of the tenant.',
    access: reading,
    query: ['$select'],
    response: collection(scimToken.schema),
    status: 200,
  },
  createScimToken: {
    method: 'POST',
    path: '/scim/tokens',
    summary: 'Makes a SCIM token, and shows its secret for the only time.',
    access: writing,
    request: createScimTokenRequest,
    response: scimToken.schema,
    status: 201,
  },
  getScimToken: {
    method: 'GET',
    path: '/scim/tokens/{id}',
    summary: 'Shows a SCIM token.',
    access: reading,
    query: ['$select'],
    response: scimToken.schema,
    status: 200,
  },
  updateScimToken: {
    method: 'PATCH',
    path: '/scim/tokens/{id}',
    summary: 'Changes name, scopes, dialect or contact of a SCIM token.',
    access: writing,
    request: updateScimTokenRequest,
    status: 204,
  },
  deleteScimToken: {
    method: 'DELETE',
    path: '/scim/tokens/{id}',
    summary: 'Revokes a SCIM token.',
    access: writing,
    status: 204,
  },
  rotateScimToken: {
    method: 'POST',
    path: '/scim/tokens/{id}/rotate',
    summary: 'Gives a SCIM token a new secret. The former one is accepted for 7 days, or as many as are asked for.',
    access: writing,
    request: rotateScimTokenRequest,
    response: scimToken.schema,
    status: 200,
  },
  getScimSettings: {
    method: 'GET',
    path: '/scim/settings',
    summary: 'Shows what the tenant decides about all SCIM clients.',
    access: reading,
    query: ['$select'],
    response: scimSettings.schema,
    status: 200,
  },
  updateScimSettings: {
    method: 'PATCH',
    path: '/scim/settings',
    summary: 'Changes what the tenant decides about all SCIM clients.',
    access: writing,
    request: updateScimSettingsRequest,
    status: 204,
  },
} as const satisfies Operations;
