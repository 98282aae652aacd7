import { access } from '../access.ts';
import type { Operations } from '../operation.ts';
import { deleting, linking, listingMixed } from '../operation-forms.ts';
import {
  activateDirectoryRoleRequest,
  createRoleAssignmentRequest,
  directoryRole,
  directoryRoleTemplate,
  roleAssignment,
  roleDefinition,
} from '../resources/directory-role.ts';
import { collection } from '../resources/property.ts';

const readRoles = access(
  ['RoleManagement.Read.Directory', 'Directory.Read.All', 'RoleManagement.ReadWrite.Directory'],
  ['Directory Readers', 'Global Reader', 'Privileged Role Administrator', 'Security Reader', 'User Administrator'],
);
const writeRoles = access(['RoleManagement.ReadWrite.Directory'], ['Privileged Role Administrator']);

/** Administrative roles and who holds them. https://learn.microsoft.com/graph/api/resources/rolemanagement */
export const directoryRoleOperations = {
  listDirectoryRoles: {
    method: 'GET',
    path: '/directoryRoles',
    summary: 'Lists the administrative roles.',
    access: readRoles,
    query: ['$select', '$filter'],
    response: collection(directoryRole.schema),
    status: 200,
  },
  activateDirectoryRole: {
    method: 'POST',
    path: '/directoryRoles',
    summary: 'Activates an administrative role. All of them always are, so it only answers the role.',
    access: writeRoles,
    request: activateDirectoryRoleRequest,
    response: directoryRole.schema,
    status: 201,
  },
  getDirectoryRole: {
    method: 'GET',
    path: '/directoryRoles/{id}',
    summary: 'Reads an administrative role, by id or as roleTemplateId=...',
    access: readRoles,
    query: ['$select'],
    response: directoryRole.schema,
    status: 200,
  },
  listDirectoryRoleMembers: {
    ...listingMixed,
    path: '/directoryRoles/{id}/members',
    summary: 'Lists who holds the role directly.',
    access: readRoles,
    query: ['$select'],
  },
  addDirectoryRoleMember: {
    ...linking,
    path: '/directoryRoles/{id}/members/$ref',
    summary: 'Gives the role to a user, service principal or role-assignable group.',
    access: writeRoles,
  },
  removeDirectoryRoleMember: {
    ...deleting,
    path: '/directoryRoles/{id}/members/{memberId}/$ref',
    summary: 'Takes the role away.',
    access: writeRoles,
  },
  listDirectoryRoleTemplates: {
    method: 'GET',
    path: '/directoryRoleTemplates',
    summary: 'Lists the templates of the administrative roles.',
    access: readRoles,
    query: ['$select'],
    response: collection(directoryRoleTemplate.schema),
    status: 200,
  },
  getDirectoryRoleTemplate: {
    method: 'GET',
    path: '/directoryRoleTemplates/{id}',
    summary: 'Reads the template of an administrative role.',
    access: readRoles,
    query: ['$select'],
    response: directoryRoleTemplate.schema,
    status: 200,
  },
  listRoleDefinitions: {
    method: 'GET',
    path: '/roleManagement/directory/roleDefinitions',
    summary: 'Lists the definitions of the administrative roles.',
    access: readRoles,
    query: ['$select', '$filter'],
    response: collection(roleDefinition.schema),
    status: 200,
  },
  getRoleDefinition: {
    method: 'GET',
    path: '/roleManagement/directory/roleDefinitions/{id}',
    summary: 'Reads the definition of an administrative role.',
    access: readRoles,
    query: ['$select'],
    response: roleDefinition.schema,
    status: 200,
  },
  listRoleAssignments: {
    method: 'GET',
    path: '/roleManagement/directory/roleAssignments',
    summary: 'Lists who holds which administrative role.',
    access: readRoles,
    query: ['$select', '$filter'],
    response: collection(roleAssignment.schema),
    status: 200,
  },
  getRoleAssignment: {
    method: 'GET',
    path: '/roleManagement/directory/roleAssignments/{id}',
    summary: 'Reads an assignment of an administrative role.',
    access: readRoles,
    query: ['$select'],
    response: roleAssignment.schema,
    status: 200,
  },
  createRoleAssignment: {
    method: 'POST',
    path: '/roleManagement/directory/roleAssignments',
    summary: 'Gives an administrative role to a user, service principal or role-assignable group.',
    access: writeRoles,
    request: createRoleAssignmentRequest,
    response: roleAssignment.schema,
    status: 201,
  },
  deleteRoleAssignment: {
    ...deleting,
    path: '/roleManagement/directory/roleAssignments/{id}',
    summary: 'Takes an administrative role away.',
    access: writeRoles,
  },
} as const satisfies Operations;
