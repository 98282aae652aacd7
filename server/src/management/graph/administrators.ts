import { microsoftGraphAppId, type ServicePrincipal } from '../../applications/index.ts';
import { type DirectoryObject, listRolesHeldBy } from '../../directory/index.ts';
import type { Call } from './call.ts';
import { denied } from './error.ts';

/** Who may manage whoever holds an administrative role: others could make themselves administrators that way. */
const managersOfAdministrators = ['Global Administrator', 'Privileged Authentication Administrator'];
/** Who may decide who holds a role. */
const managersOfRoles = ['Global Administrator', 'Privileged Role Administrator'];
const permissionToManageRoles = 'RoleManagement.ReadWrite.Directory';

/**
 * Makes sure that the caller may disable, delete or change how somebody signs in who may hold an administrative role.
 *
 * @throws GraphError `Authorization_RequestDenied`
 */
export async function checkMayManage(call: Call, target: DirectoryObject): Promise<void> {
  if (holdsOneOf(call, managersOfAdministrators)) return;
  const roles = await listRolesHeldBy(call.storage.read, call.tenantId, target.id);
  if (roles.length > 0) throw needsOneOf('It concerns an administrator', managersOfAdministrators);
}

/**
 * Makes sure that the caller may change a group through which roles are held, its members and its owners.
 *
 * @throws GraphError `Authorization_RequestDenied`
 */
export function checkMayManageRoleGroup(call: Call, attributes: Readonly<Record<string, unknown>>): void {
  if (attributes['isAssignableToRole'] !== true) return;
  const isPermitted = call.caller.kind === 'application' && call.caller.permissions.includes(permissionToManageRoles);
  if (!isPermitted && !holdsOneOf(call, managersOfRoles)) {
    throw needsOneOf('The group can hold roles', managersOfRoles);
  }
}

/**
 * Makes sure that the caller may give roles of the resource. Those of Microsoft Graph are permissions, some as mighty as
 * an administrative role.
 *
 * @throws GraphError `Authorization_RequestDenied`
 */
export function checkMayGiveRolesOf(call: Call, resource: ServicePrincipal): void {
  if (resource.attributes.appId !== microsoftGraphAppId || call.caller.kind === 'application') return;
  if (!holdsOneOf(call, managersOfRoles)) throw needsOneOf('It gives permissions of Microsoft Graph', managersOfRoles);
}

function holdsOneOf(call: Call, roles: readonly string[]): boolean {
  return roles.some((role) => call.caller.directoryRoles.includes(role));
}

function needsOneOf(reason: string, roles: readonly string[]): Error {
  return denied(`${reason}, which needs one of the roles ${roles.join(', ')}.`);
}
