import type { Access } from '@countersign/management-api';
import type { Caller } from '../caller.ts';
import { denied } from './error.ts';

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
    // What every user may, an application may that is trusted with any role, unless it is about the user's own data.
    const mayAsUsersMay = roles === null && application.length > 0 && caller.directoryRoles.length > 0;
    if (holdsRole || mayAsUsersMay || application.some((permission) => caller.permissions.includes(permission)))
      return undefined;
    if (application.length === 0) return 'It is for signed-in users only.';
    return `The application needs one of the permissions ${application.join(', ')}.`;
  }
  if (!delegated.some((permission) => caller.scopes.includes(permission))) {
    return `The token needs one of the scopes ${delegated.join(', ')}.`;
  }
  return holdsRole || roles === null ? undefined : `The user needs one of the roles ${roles.join(', ')}.`;
}
