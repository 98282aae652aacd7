import type { AppRole, PermissionScope } from '../permission.ts';

/** A delegated permission with the texts that people read when they consent. */
export function scope(id: string, value: string, type: PermissionScope['type'], allows: string): PermissionScope {
  return {
    id,
    value,
    type,
    isEnabled: true,
    adminConsentDisplayName: allows,
    adminConsentDescription: `${allows}, for the signed-in user.`,
    userConsentDisplayName: allows,
    userConsentDescription: `${allows}, for you.`,
  };
}

/** A permission that an application has by itself. */
export function applicationRole(id: string, value: string, allows: string): AppRole {
  return {
    id,
    value,
    displayName: allows,
    description: `${allows}, without a signed-in user.`,
    allowedMemberTypes: ['Application'],
    isEnabled: true,
  };
}
