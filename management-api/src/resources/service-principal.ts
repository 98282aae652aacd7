import { z } from 'zod';
import { informationalUrl } from './application.ts';
import { keyCredential, passwordCredential } from './credential.ts';
import { appRole, permissionScope } from './permission.ts';
import { dateTime, flag, guid, resource, text, texts, writable } from './property.ts';

/** What administrators set. Everything else comes from the application. */
const attributes = {
  accountEnabled: flag,
  alternativeNames: texts,
  appRoleAssignmentRequired: flag,
  description: text,
  /** Ids of the identity providers from which people may come, and `local` for accounts of the tenant; without any: all. */
  identityProviders: texts,
  keyCredentials: z.array(keyCredential),
  loginUrl: text,
  notes: text,
  notificationEmailAddresses: texts,
  preferredSingleSignOnMode: text,
  preferredTokenSigningKeyThumbprint: text,
  samlSingleSignOnSettings: z.strictObject({ relayState: text.optional() }).nullable(),
  tags: texts,
  tokenEncryptionKeyId: text,
};

/** https://learn.microsoft.com/graph/api/resources/serviceprincipal */
export const servicePrincipal = resource('microsoft.graph.servicePrincipal', {
  ...attributes,
  appDescription: text,
  appDisplayName: text,
  appId: text,
  appOwnerOrganizationId: text,
  appRoles: z.array(appRole),
  createdDateTime: dateTime,
  deletedDateTime: dateTime,
  displayName: text,
  homepage: text,
  info: informationalUrl.nullable(),
  logoutUrl: text,
  oauth2PermissionScopes: z.array(permissionScope),
  passwordCredentials: z.array(passwordCredential),
  replyUrls: texts,
  servicePrincipalNames: texts,
  servicePrincipalType: text,
  signInAudience: text,
});

const optional = z.object(attributes).partial().shape;

export const createServicePrincipalRequest = writable({ ...optional, appId: guid });

export const updateServicePrincipalRequest = writable(optional);
