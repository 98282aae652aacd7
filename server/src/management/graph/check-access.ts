import type { Access } from '@countersign/management-api';
import { denied } from './error.ts';

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

/** @throws GraphError `Authorization_RequestDenied` that says what is missing */
export function checkAccess(access: Access, caller: Caller): void {
  const missing = missingAccess(access, caller);
  if (missing !== undefined) throw denied(missing);
}

/**
 * Decides from an operation's declaration whether the caller may call it. Returns what is missing, for the caller to read;
 * undefined when nothing is.
 */
export function missingAccess(access: Access, caller: Caller): string | undefined {
  if (typeof access === 'string') return undefined;
  const { roles, delegated, application } = access;
  const holdsRole = roles?.some((role) => caller.directoryRoles.includes(role)) ?? false;
  if (caller.kind === 'application') {
    if (holdsRole || application.some((permission) => caller.permissions.includes(permission))) return undefined;
    if (application.length === 0) return 'It is for signed-in users only.';
    return `The application needs one of the permissions ${application.join(', ')}.`;
  }
  if (!delegated.some((permission) => caller.scopes.includes(permission))) {
    return `The token needs one of the scopes ${delegated.join(', ')}.`;
  }
  return holdsRole || roles === null ? undefined : `The user needs one of the roles ${roles.join(', ')}.`;
}
