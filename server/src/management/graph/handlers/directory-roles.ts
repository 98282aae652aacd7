import {
  directoryRole,
  type directoryRoleOperations,
  directoryRoleTemplate,
  roleAssignment,
  roleDefinition,
} from '@countersign/management-api';
import {
  assignDirectoryRole,
  type DirectoryRole,
  type DirectoryRoleAssignment,
  directoryRoles,
  findDirectoryRole,
  unassignDirectoryRole,
} from '../../../directory/index.ts';
import { answerResource, answerResources } from '../answer-resource.ts';
import type { Call, CallWithId, Handlers } from '../call.ts';
import { equalities } from '../equalities.ts';
import { notFound } from '../error.ts';
import { idOf, referencedId } from '../object-id.ts';
import { answerPage } from '../pages.ts';
import { mixedView, type Shown } from '../resource-view.ts';
import { roleView } from '../role-view.ts';

const roles = Object.values(directoryRoles);

/** https://learn.microsoft.com/graph/api/resources/directoryrole, .../rolemanagement */
export const directoryRoleHandlers = {
  listDirectoryRoles: async (call) =>
    answerResources(call, directoryRole, 'directoryRoles', filtered(call, roles.map(roleView))),
  activateDirectoryRole: async (call) =>
    answerResource(call, directoryRole, 'directoryRoles', roleView(roleOf(call.body.roleTemplateId))),
  getDirectoryRole: async (call) => answerResource(call, directoryRole, 'directoryRoles', roleView(namedRole(call))),
  listDirectoryRoleMembers: async (call) => {
    const show = mixedView(call.query.select);
    const assignments = await call.storage.read.directoryRoles.list(call.tenantId, { roleId: namedRole(call).id });
    const holders = await call.storage.read.objects.findMany(
      call.tenantId,
      assignments.map(({ principalId }) => principalId),
    );
    const items = holders.filter(({ kind }) => call.cast === undefined || kind === call.cast).map(show);
    return answerPage(call, 'directoryObjects', { items });
  },
  addDirectoryRoleMember: async (call) => {
    const { id } = namedRole(call);
    const principalId = referencedId(call.body['@odata.id']);
    await call.storage.write((stores) => assignDirectoryRole(stores, call.act, id, principalId));
    return {};
  },
  removeDirectoryRoleMember: async (call) => {
    const where = { roleId: namedRole(call).id, principalIds: [idOf(call.parameters.memberId)] };
    await call.storage.write(async (stores) => {
      const [assignment] = await stores.directoryRoles.list(call.tenantId, where);
      if (!assignment) throw notFound(call.parameters.memberId);
      await unassignDirectoryRole(stores, call.act, assignment.id);
    });
    return {};
  },
  listDirectoryRoleTemplates: async (call) =>
    answerResources(call, directoryRoleTemplate, 'directoryRoleTemplates', roles.map(roleView)),
  getDirectoryRoleTemplate: async (call) =>
    answerResource(call, directoryRoleTemplate, 'directoryRoleTemplates', roleView(namedRole(call))),
  listRoleDefinitions: async (call) => {
    const path = 'roleManagement/directory/roleDefinitions';
    return answerResources(call, roleDefinition, path, filtered(call, roles.map(roleView)));
  },
  getRoleDefinition: async (call) =>
    answerResource(call, roleDefinition, 'roleManagement/directory/roleDefinitions', roleView(namedRole(call))),
  listRoleAssignments: async (call) => {
    const { roleDefinitionId, principalId } = equalities(call.query.filter, ['roleDefinitionId', 'principalId']);
    const found = await call.storage.read.directoryRoles.list(call.tenantId, {
      ...(roleDefinitionId !== undefined && { roleId: roleDefinitionId }),
      ...(principalId !== undefined && { principalIds: [principalId] }),
    });
    return answerResources(call, roleAssignment, assignments, found.map(assignmentView));
  },
  getRoleAssignment: async (call) => {
    const [found] = await call.storage.read.directoryRoles.list(call.tenantId, { id: idOf(call.parameters.id) });
    if (!found) throw notFound(call.parameters.id);
    return answerResource(call, roleAssignment, assignments, assignmentView(found));
  },
  createRoleAssignment: async (call) => {
    const [roleId, principalId] = [idOf(call.body.roleDefinitionId), idOf(call.body.principalId)];
    const created = await call.storage.write((stores) => assignDirectoryRole(stores, call.act, roleId, principalId));
    return answerResource(call, roleAssignment, assignments, assignmentView(created));
  },
  deleteRoleAssignment: async (call) => {
    const id = idOf(call.parameters.id);
    await call.storage.write((stores) => unassignDirectoryRole(stores, call.act, id));
    return {};
  },
} satisfies Handlers<typeof directoryRoleOperations>;

const assignments = 'roleManagement/directory/roleAssignments';

/** The role that the path names, by its id or as `roleTemplateId=...`, which is the same id. */
function namedRole(call: CallWithId): DirectoryRole {
  return roleOf(call.parameters.id.replace(/^roleTemplateId=/i, ''));
}

function roleOf(id: string): DirectoryRole {
  const role = findDirectoryRole(id.toLowerCase());
  if (!role) throw notFound(id);
  return role;
}

/** There are few roles, the same in every tenant, so they are filtered here. */
function filtered(call: Call, views: Shown[]): Shown[] {
  const wanted = Object.entries(equalities(call.query.filter, ['displayName', 'id', 'roleTemplateId', 'templateId']));
  return views.filter((view) => wanted.every(([name, value]) => view[name] === value));
}

function assignmentView({ id, roleId, principalId }: DirectoryRoleAssignment): Shown {
  return { id, roleDefinitionId: roleId, principalId, directoryScopeId: '/' };
}
