import { readAppRoleAssignments, writeAppRoleAssignments } from '../access.ts';
import type { Operation, Operations } from '../operation.ts';
import { deleting } from '../operation-forms.ts';
import { appRoleAssignment, createAppRoleAssignmentRequest } from '../resources/permission.ts';
import { collection } from '../resources/property.ts';

const listingAssignments = {
  method: 'GET',
  access: readAppRoleAssignments,
  query: ['$select', '$filter', '$top', '$skiptoken'],
  response: collection(appRoleAssignment.schema),
  status: 200,
} as const satisfies Partial<Operation>;

const readingAssignment = {
  method: 'GET',
  access: readAppRoleAssignments,
  query: ['$select'],
  response: appRoleAssignment.schema,
  status: 200,
} as const satisfies Partial<Operation>;

const creatingAssignment = {
  method: 'POST',
  access: writeAppRoleAssignments,
  request: createAppRoleAssignmentRequest,
  response: appRoleAssignment.schema,
  status: 201,
} as const satisfies Partial<Operation>;

const deletingAssignment = { ...deleting, access: writeAppRoleAssignments } as const satisfies Partial<Operation>;

/** Who holds which role of an application. https://learn.microsoft.com/graph/api/resources/approleassignment */
export const appRoleAssignmentOperations = {
  listServicePrincipalAppRoleAssignments: {
    ...listingAssignments,
    path: '/servicePrincipals/{id}/appRoleAssignments',
    summary: 'Lists the roles, such as application permissions, that the service principal holds.',
  },
  createServicePrincipalAppRoleAssignment: {
    ...creatingAssignment,
    path: '/servicePrincipals/{id}/appRoleAssignments',
    summary: 'Gives a role, such as an application permission, to the service principal.',
  },
  getServicePrincipalAppRoleAssignment: {
    ...readingAssignment,
    path: '/servicePrincipals/{id}/appRoleAssignments/{assignmentId}',
    summary: 'Reads which role the service principal holds.',
  },
  deleteServicePrincipalAppRoleAssignment: {
    ...deletingAssignment,
    path: '/servicePrincipals/{id}/appRoleAssignments/{assignmentId}',
    summary: 'Takes a role from the service principal.',
  },
  listAppRoleAssignedTo: {
    ...listingAssignments,
    path: '/servicePrincipals/{id}/appRoleAssignedTo',
    summary: 'Lists who holds roles of the resource.',
  },
  createAppRoleAssignedTo: {
    ...creatingAssignment,
    path: '/servicePrincipals/{id}/appRoleAssignedTo',
    summary: 'Gives a role of the resource to a user, group or service principal.',
  },
  getAppRoleAssignedTo: {
    ...readingAssignment,
    path: '/servicePrincipals/{id}/appRoleAssignedTo/{assignmentId}',
    summary: 'Reads who holds a role of the resource.',
  },
  deleteAppRoleAssignedTo: {
    ...deletingAssignment,
    path: '/servicePrincipals/{id}/appRoleAssignedTo/{assignmentId}',
    summary: 'Takes a role of the resource away.',
  },
  listUserAppRoleAssignments: {
    ...listingAssignments,
    path: '/users/{id}/appRoleAssignments',
    summary: 'Lists the roles of applications that the user holds.',
  },
  createUserAppRoleAssignment: {
    ...creatingAssignment,
    path: '/users/{id}/appRoleAssignments',
    summary: 'Gives a role of an application to the user.',
  },
  deleteUserAppRoleAssignment: {
    ...deletingAssignment,
    path: '/users/{id}/appRoleAssignments/{assignmentId}',
    summary: 'Takes a role of an application from the user.',
  },
  listGroupAppRoleAssignments: {
    ...listingAssignments,
    path: '/groups/{id}/appRoleAssignments',
    summary: 'Lists the roles of applications that the group holds for its members.',
  },
  createGroupAppRoleAssignment: {
    ...creatingAssignment,
    path: '/groups/{id}/appRoleAssignments',
    summary: 'Gives a role of an application to the members of the group.',
  },
  deleteGroupAppRoleAssignment: {
    ...deletingAssignment,
    path: '/groups/{id}/appRoleAssignments/{assignmentId}',
    summary: 'Takes a role of an application from the group.',
  },
} as const satisfies Operations;
