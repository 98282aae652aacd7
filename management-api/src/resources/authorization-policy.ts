import { z } from 'zod';
import { resource, text, texts } from './property.ts';

const permissions = z.strictObject({
  allowedToCreateApps: z.boolean().optional(),
  /** Empty: only administrators consent. */
  permissionGrantPoliciesAssigned: texts.optional(),
});

/** https://learn.microsoft.com/graph/api/resources/authorizationpolicy */
export const authorizationPolicy = resource('microsoft.graph.authorizationPolicy', {
  defaultUserRolePermissions: permissions,
  description: text,
  displayName: text,
});

export const updateAuthorizationPolicyRequest = z.strictObject({ defaultUserRolePermissions: permissions.optional() });
