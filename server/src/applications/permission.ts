import { refuse } from './errors.ts';

/** A delegated permission that a resource exposes: what a client may be allowed to do there for a user. */
export type PermissionScope = {
  id: string;
  /** The word in the token's `scp`. */
  value: string;
  /** Who may consent: every user for themselves, or administrators only. */
  type: 'User' | 'Admin';
  isEnabled: boolean;
  adminConsentDisplayName: string;
  adminConsentDescription: string;
  userConsentDisplayName?: string;
  userConsentDescription?: string;
};

/** A role that a resource knows: users, groups and applications hold it through assignments. */
export type AppRole = {
  id: string;
  /** The word in the token's `roles`; without one the role only allows to sign in. */
  value?: string;
  displayName: string;
  description: string;
  allowedMemberTypes: ('User' | 'Application')[];
  isEnabled: boolean;
};

/** What a resource declares. */
export interface DeclaredPermissions {
  appRoles?: AppRole[];
  oauth2PermissionScopes?: PermissionScope[];
}

/**
 * Checks the roles and scopes of an application against each other and against those that it had. Like Microsoft Graph it
 * lets no enabled permission go or change its value: tokens and assignments may still name it, so it has to be disabled
 * first.
 *
 * @throws Refusal `applications.property_invalid`, `applications.permission_enabled`
 */
export function checkPermissions(before: DeclaredPermissions, after: DeclaredPermissions): void {
  const { appRoles: roles = [], oauth2PermissionScopes: scopes = [] } = after;
  checkUnique('appRoles', roles);
  checkUnique('oauth2PermissionScopes', scopes);
  for (const role of roles) {
    const scope = scopes.find(({ id }) => isSameId(id, role.id));
    // A permission that exists in both forms may have one id, as some of Microsoft's do.
    if (scope && scope.value !== role.value) throw invalid('appRoles', `${role.id} is also the id of another scope`);
  }
  checkStays(before.appRoles ?? [], roles);
  checkStays(before.oauth2PermissionScopes ?? [], scopes);
}

function checkUnique(property: string, permissions: readonly (AppRole | PermissionScope)[]): void {
  const seen = new Set<string>();
  for (const { id, value } of permissions) {
    for (const name of [`the id ${id.toLowerCase()}`, ...(value === undefined ? [] : [`the value ${value}`])]) {
      if (seen.has(name)) throw invalid(property, `${name} occurs twice`);
      seen.add(name);
    }
  }
}

function checkStays(before: readonly (AppRole | PermissionScope)[], after: readonly (AppRole | PermissionScope)[]) {
  for (const permission of before.filter(({ isEnabled }) => isEnabled)) {
    const now = after.find(({ id }) => isSameId(id, permission.id));
    if (now && now.value === permission.value) continue;
    throw refuse('applications.permission_enabled', { id: permission.id, value: permission.value ?? '' });
  }
}

function isSameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function invalid(property: string, reason: string): Error {
  return refuse('applications.property_invalid', { property, reason });
}
