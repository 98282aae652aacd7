import { readGroups, readUsers, writeUsers } from '../access.ts';
import type { Operations } from '../operation.ts';
import {
  checkingMemberGroups,
  counting,
  deleting,
  delta,
  gettingMemberGroups,
  linking,
  listing,
  listingMemberOf,
  listingRelated,
  reading,
} from '../operation-forms.ts';
import { directoryObject } from '../resources/directory-object.ts';
import { createUserRequest, updateUserRequest, user } from '../resources/user.ts';

/** https://learn.microsoft.com/graph/api/resources/users */
export const userOperations = {
  listUsers: {
    ...listing(user),
    path: '/users',
    summary: 'Lists the users of the tenant.',
    access: readUsers,
  },
  countUsers: {
    ...counting,
    path: '/users/$count',
    summary: 'Counts the users of the tenant.',
    access: readUsers,
  },
  deltaUsers: {
    ...delta(user),
    path: '/users/delta',
    summary: 'Lists the users that were created, changed or deleted since a former answer.',
    access: readUsers,
  },
  createUser: {
    method: 'POST',
    path: '/users',
    summary: 'Creates a user.',
    access: writeUsers,
    request: createUserRequest,
    response: user.schema,
    status: 201,
  },
  getUser: {
    ...reading(user),
    path: '/users/{id}',
    summary: 'Reads a user, by id or user principal name.',
    access: readUsers,
  },
  updateUser: {
    method: 'PATCH',
    path: '/users/{id}',
    summary: 'Changes properties of a user.',
    access: writeUsers,
    request: updateUserRequest,
    status: 204,
  },
  deleteUser: {
    ...deleting,
    path: '/users/{id}',
    summary: 'Puts a user into the deleted items, from where it can be restored for 30 days.',
    access: writeUsers,
  },
  getUserManager: {
    method: 'GET',
    path: '/users/{id}/manager',
    summary: 'Reads the manager of a user.',
    access: readUsers,
    query: ['$select'],
    response: directoryObject,
    status: 200,
  },
  setUserManager: {
    ...linking,
    method: 'PUT',
    path: '/users/{id}/manager/$ref',
    summary: 'Makes a user the manager of the user.',
    access: writeUsers,
  },
  removeUserManager: {
    ...deleting,
    path: '/users/{id}/manager/$ref',
    summary: 'Takes the manager of the user away.',
    access: writeUsers,
  },
  listUserDirectReports: {
    ...listingRelated,
    path: '/users/{id}/directReports',
    summary: 'Lists the users whose manager the user is.',
    access: readUsers,
  },
  listUserMemberOf: {
    ...listingMemberOf,
    path: '/users/{id}/memberOf',
    summary: 'Lists the groups and administrative roles of which the user is a direct member.',
    access: readGroups,
  },
  listUserTransitiveMemberOf: {
    ...listingMemberOf,
    path: '/users/{id}/transitiveMemberOf',
    summary: 'Lists the groups and administrative roles of which the user is a member, directly or through groups.',
    access: readGroups,
  },
  listUserOwnedObjects: {
    ...listingRelated,
    path: '/users/{id}/ownedObjects',
    summary: 'Lists the objects of which the user is an owner.',
    access: readUsers,
  },
  getUserMemberGroups: {
    ...gettingMemberGroups,
    path: '/users/{id}/getMemberGroups',
    summary: 'Lists the ids of all groups of which the user is a member, directly or through others.',
    access: readGroups,
  },
  checkUserMemberGroups: {
    ...checkingMemberGroups,
    path: '/users/{id}/checkMemberGroups',
    summary: 'Says of which of the named groups the user is a member, directly or through others.',
    access: readGroups,
  },
  getUserMemberObjects: {
    ...gettingMemberGroups,
    path: '/users/{id}/getMemberObjects',
    summary: 'Lists the ids of all groups and administrative roles of which the user is a member.',
    access: readGroups,
  },
} as const satisfies Operations;
