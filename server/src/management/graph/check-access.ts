import type { Access } from '@countersign/management-api';

/** Whoever calls, as far as it decides what is allowed. */
export interface Caller {
  kind: 'user' | 'application';
  /** Object id of the user or service principal. */
  id: string;
  name: string;
  tenantId: string;
  /** Delegated permissions of the token; empty without a user. */
  scopes: readonly string[];
  /** Application permissions of the token. */
  permissions: readonly string[];
  /** Names of the administrative roles that the user or service principal holds now. */
  directoryRoles: readonly string[];
}

/**
 * Decides from an operation's declaration whether the caller may call it. Returns what is missing, for the caller to read;
 * undefined when nothing is.
 */
export function missingAccess(access: Access, caller: Caller): string | undefined {
  const holdsRole = access.roles === null || access.roles.some((role) => caller.directoryRoles.includes(role));
  if (caller.kind === 'application') {
    if (access.roles !== null && holdsRole) return undefined;
    if (access.application.some((permission) => caller.permissions.includes(permission))) return undefined;
    if (access.application.length === 0) return 'It is for signed-in users only.';
    return `The application needs one of the permissions ${access.application.join(', ')}.`;
  }
  if (!access.delegated.some((permission) => caller.scopes.includes(permission))) {
    return `The token needs one of the scopes ${access.delegated.join(', ')}.`;
  }
  return holdsRole ? undefined : `The user needs one of the roles ${access.roles?.join(', ')}.`;
}
