import { z } from 'zod';
import { dateTime, guid, resource, text, texts } from './property.ts';

/** https://learn.microsoft.com/graph/api/resources/approle */
export const appRole = z
  .strictObject({
    allowedMemberTypes: texts,
    description: text,
    displayName: text,
    id: guid,
    isEnabled: z.boolean(),
    origin: text,
    value: text,
  })
  .partial();

/** https://learn.microsoft.com/graph/api/resources/permissionscope */
export const permissionScope = z
  .strictObject({
    adminConsentDescription: text,
    adminConsentDisplayName: text,
    id: guid,
    isEnabled: z.boolean(),
    origin: text,
    type: text,
    userConsentDescription: text,
    userConsentDisplayName: text,
    value: text,
  })
  .partial();

/** https://learn.microsoft.com/graph/api/resources/approleassignment */
export const appRoleAssignment = resource('microsoft.graph.appRoleAssignment', {
  appRoleId: z.string(),
  createdDateTime: dateTime,
  deletedDateTime: dateTime,
  principalDisplayName: text,
  principalId: z.string(),
  principalType: z.enum(['User', 'Group', 'ServicePrincipal']),
  resourceDisplayName: text,
  resourceId: z.string(),
});

export const createAppRoleAssignmentRequest = z.strictObject({ appRoleId: guid, principalId: guid, resourceId: guid });

const consentType = z.enum(['AllPrincipals', 'Principal']);

/** https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant */
export const oauth2PermissionGrant = resource('microsoft.graph.oAuth2PermissionGrant', {
  clientId: z.string(),
  consentType,
  principalId: text,
  resourceId: z.string(),
  scope: z.string(),
});

/** Consent does not end; times of the older API are read and ignored. */
export const createOauth2PermissionGrantRequest = z
  .strictObject({
    clientId: guid,
    consentType,
    expiryTime: dateTime.optional(),
    principalId: guid.nullish(),
    resourceId: guid,
    scope: z.string().nullish(),
    startTime: dateTime.optional(),
  })
  .refine(({ consentType, principalId }) => (consentType === 'Principal') === (principalId != null), {
    path: ['principalId'],
    message: 'it goes with the consentType Principal and with no other',
  });

export const updateOauth2PermissionGrantRequest = z.strictObject({ scope: z.string() });
