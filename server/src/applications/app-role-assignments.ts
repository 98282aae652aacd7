import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import type { DirectoryStores, ObjectKind } from '../directory/index.ts';
import { refuse } from './errors.ts';
import { getServicePrincipal } from './find.ts';
import { nilGuid } from './guid.ts';
import type { AppRole } from './permission.ts';
import { permissionsOf, type ServicePrincipal } from './service-principal.ts';
import type { ApplicationStores, AppRoleAssignment } from './store.ts';

type Stores = Pick<DirectoryStores, 'objects'> & Pick<ApplicationStores, 'appRoleAssignments'> & { audit: AuditStore };

export interface AppRoleAssignmentInput {
  /** User, group or service principal, by object id. */
  principalId: string;
  /** Service principal, by object id. */
  resourceId: string;
  /** The nil GUID where the resource has no roles. */
  appRoleId: string;
}

/**
 * Gives a principal a role at a resource: to people what they may do there, to applications their own permissions.
 *
 * @throws Refusal `directory.object_not_found`, `applications.principal_not_found`,
 *   `applications.app_role_unknown`, `applications.app_role_not_for`, `applications.app_role_assignment_exists`
 */
export async function assignAppRole(
  stores: Stores,
  act: Act,
  input: AppRoleAssignmentInput,
): Promise<AppRoleAssignment> {
  const resource = await getServicePrincipal(stores, act.tenantId, input.resourceId);
  const principal = await stores.objects.find(act.tenantId, input.principalId);
  const principalKind = principal && holders[principal.kind];
  if (!principalKind) throw refuse('applications.principal_not_found', { id: input.principalId });
  const assignment: AppRoleAssignment = {
    id: act.newId(),
    appRoleId: checkRole(resource, input.appRoleId.toLowerCase(), principalKind),
    principalId: principal.id,
    principalKind,
    resourceId: resource.id,
    createdAt: act.now,
  };
  const isNew = await stores.appRoleAssignments.insert(act.tenantId, assignment, act.now);
  if (!isNew) throw refuse('applications.app_role_assignment_exists');
  await stores.audit.append([event(act, 'create', assignment)]);
  return assignment;
}

/**
 * Takes a role away.
 *
 * @throws Refusal `applications.app_role_assignment_not_found`
 */
export async function removeAppRoleAssignment(stores: Stores, act: Act, id: string): Promise<void> {
  const assignment = await getAppRoleAssignment(stores, act.tenantId, id);
  await stores.appRoleAssignments.remove(act.tenantId, assignment.id, act.now);
  await stores.audit.append([event(act, 'delete', assignment)]);
}

/** @throws Refusal `applications.app_role_assignment_not_found` */
export async function getAppRoleAssignment(
  stores: Pick<ApplicationStores, 'appRoleAssignments'>,
  tenantId: string,
  id: string,
): Promise<AppRoleAssignment> {
  const [assignment] = await stores.appRoleAssignments.list(tenantId, { id: id.toLowerCase() }, 1);
  if (!assignment) throw refuse('applications.app_role_assignment_not_found', { id });
  return assignment;
}

/**
 * What a principal is at the resource, as `roles` of a token has it: the values of its roles that the resource still has.
 *
 * @param assignments  of the principal, or of a user and the user's groups
 */
export function assignedRoles(resource: ServicePrincipal, assignments: readonly AppRoleAssignment[]): string[] {
  const held = new Set(
    assignments.filter(({ resourceId }) => resourceId === resource.id).map(({ appRoleId }) => appRoleId),
  );
  const roles = permissionsOf(resource).appRoles.filter(({ id, isEnabled }) => isEnabled && held.has(id.toLowerCase()));
  return roles.flatMap(({ value }) => (value === undefined ? [] : [value]));
}

/** Kinds of objects that can hold a role. */
const holders: Readonly<Record<ObjectKind, AppRoleAssignment['principalKind'] | undefined>> = {
  user: 'user',
  group: 'group',
  servicePrincipal: 'servicePrincipal',
  application: undefined,
};

const memberTypes = { user: 'User', group: 'User', servicePrincipal: 'Application' } as const;

function checkRole(resource: ServicePrincipal, roleId: string, kind: AppRoleAssignment['principalKind']): string {
  const roles = permissionsOf(resource).appRoles.filter(({ isEnabled }) => isEnabled);
  const memberType = memberTypes[kind];
  const isFor = ({ allowedMemberTypes }: AppRole) => allowedMemberTypes.includes(memberType);
  if (roleId === nilGuid && !roles.some(isFor)) return roleId;
  const role = roles.find(({ id }) => id.toLowerCase() === roleId);
  const { displayName } = resource.attributes;
  if (!role) throw refuse('applications.app_role_unknown', { roleId, resource: displayName });
  if (!isFor(role)) throw refuse('applications.app_role_not_for', { role: role.value ?? role.displayName, kind });
  return roleId;
}

function event(act: Act, verb: 'create' | 'delete', assignment: AppRoleAssignment) {
  const { id, principalId, resourceId, appRoleId } = assignment;
  const about = { kind: 'appRoleAssignment', id, name: null };
  const side = verb === 'create' ? 'after' : 'before';
  return auditEvent(act, `appRoleAssignment.${verb}`, about, [
    { property: 'appRole', [side]: { principalId, resourceId, appRoleId } },
  ]);
}
