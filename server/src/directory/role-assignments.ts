import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import { keepAnAdministrator } from './administrators.ts';
import type { DirectoryObject } from './attribute.ts';
import { directoryRoles, findDirectoryRole } from './directory-role.ts';
import { refuse } from './errors.ts';
import type { DirectoryRoleAssignment, DirectoryStores } from './store.ts';

type Stores = Pick<DirectoryStores, 'objects' | 'directoryRoles'> & { audit: AuditStore };

/**
 * Gives a role to a user, a service principal, or a group that was made for it.
 * @throws Refusal `directory.role_not_found`, `directory.object_not_found`, `directory.role_not_assignable`,
 *   `directory.role_already_assigned`
 */
export async function assignDirectoryRole(
  stores: Stores,
  act: Act,
  roleId: string,
  principalId: string,
): Promise<DirectoryRoleAssignment> {
  const role = findDirectoryRole(roleId);
  if (!role) throw refuse('directory.role_not_found', { roleId });
  const principal = await stores.objects.find(act.tenantId, principalId);
  if (!principal) throw refuse('directory.object_not_found', { kind: 'principal', id: principalId });
  if (!mayHoldRole(principal)) {
    throw refuse('directory.role_not_assignable', { kind: principal.kind, id: principalId });
  }
  const assignment = { id: act.newId(), roleId, principalId, principalKind: principal.kind, createdAt: act.now };
  await stores.directoryRoles.add(act.tenantId, assignment);
  const changes = [{ property: 'principalId', after: principalId }];
  const object = { kind: 'directoryRole', id: roleId, name: role.displayName };
  await stores.audit.append([auditEvent(act, 'directoryRole.assign', object, changes)]);
  return assignment;
}

/**
 * Takes a role away again.
 * @throws Refusal `directory.role_assignment_not_found`, `directory.last_administrator`
 */
export async function unassignDirectoryRole(stores: Stores, act: Act, assignmentId: string): Promise<void> {
  const [assignment] = await stores.directoryRoles.list(act.tenantId, { id: assignmentId });
  if (!assignment) throw refuse('directory.role_assignment_not_found', { id: assignmentId });
  const { roleId, principalId } = assignment;
  if (roleId === directoryRoles.globalAdministrator.id) await keepAnAdministrator(stores, act.tenantId, principalId);
  await stores.directoryRoles.remove(act.tenantId, assignment, act.now);
  const changes = [{ property: 'principalId', before: principalId }];
  const object = { kind: 'directoryRole', id: roleId, name: findDirectoryRole(roleId)?.displayName ?? null };
  await stores.audit.append([auditEvent(act, 'directoryRole.unassign', object, changes)]);
}

/**
 * The ids of the roles that an object holds, directly or through groups.
 */
export async function listRolesHeldBy(
  stores: Pick<DirectoryStores, 'links' | 'directoryRoles'>,
  tenantId: string,
  principalId: string,
): Promise<string[]> {
  const assignments = await stores.directoryRoles.listHeldByOrGroups(tenantId, principalId);
  return rolesThatCount(stores, tenantId, principalId, assignments);
}

/** A living object, with the ids of the roles that it holds, directly or through groups. */
export async function findWithRoles(
  stores: Pick<DirectoryStores, 'links' | 'directoryRoles'>,
  tenantId: string,
  id: string,
): Promise<{ object: DirectoryObject; roleIds: string[] } | undefined> {
  const holder = await stores.directoryRoles.findHolder(tenantId, id);
  if (!holder) return undefined;
  return { object: holder.object, roleIds: await rolesThatCount(stores, tenantId, id, holder.assignments) };
}

async function rolesThatCount(
  stores: Pick<DirectoryStores, 'links'>,
  tenantId: string,
  principalId: string,
  assignments: readonly DirectoryRoleAssignment[],
): Promise<string[]> {
  const groups = assignments.filter((held) => held.principalKind === 'group').map((held) => held.principalId);
  // Every request asks this, and most tenants have no group that holds a role: then its groups need not be known.
  const among = groups.length > 0 ? await stores.links.listTransitiveGroupIds(tenantId, principalId, groups) : [];
  const holders = new Set([principalId, ...among]);
  return [...new Set(assignments.flatMap((held) => (holders.has(held.principalId) ? held.roleId : [])))];
}

function mayHoldRole({ kind, attributes }: DirectoryObject): boolean {
  return (
    kind === 'user' || kind === 'servicePrincipal' || (kind === 'group' && attributes['isAssignableToRole'] === true)
  );
}
