import { z } from 'zod';
import { ownAccess } from '../access.ts';
import type { Operations } from '../operation.ts';
import {
  checkingMemberGroups,
  gettingMemberGroups,
  listingMemberOf,
  listingRelated,
  reading,
} from '../operation-forms.ts';
import { directoryObject } from '../resources/directory-object.ts';
import { user } from '../resources/user.ts';

const own = ownAccess(['User.Read', 'User.ReadWrite', 'User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All']);

/** The signed-in user, under `/me`. */
export const meOperations = {
  getMe: { ...reading(user), path: '/me', summary: 'Reads the signed-in user.', access: own },
  getMyManager: {
    method: 'GET',
    path: '/me/manager',
    summary: 'Reads the manager of the signed-in user.',
    access: own,
    query: ['$select'],
    response: directoryObject,
    status: 200,
  },
  listMyDirectReports: {
    ...listingRelated,
    path: '/me/directReports',
    summary: 'Lists the users whose manager the signed-in user is.',
    access: own,
  },
  listMyMemberOf: {
    ...listingMemberOf,
    path: '/me/memberOf',
    summary: 'Lists the groups and administrative roles of which the signed-in user is a direct member.',
    access: own,
  },
  listMyTransitiveMemberOf: {
    ...listingMemberOf,
    path: '/me/transitiveMemberOf',
    summary: 'Lists the groups and administrative roles of which the signed-in user is a member.',
    access: own,
  },
  listMyOwnedObjects: {
    ...listingRelated,
    path: '/me/ownedObjects',
    summary: 'Lists the objects of which the signed-in user is an owner.',
    access: own,
  },
  getMyMemberGroups: {
    ...gettingMemberGroups,
    path: '/me/getMemberGroups',
    summary: 'Lists the ids of all groups of which the signed-in user is a member, directly or through others.',
    access: own,
  },
  checkMyMemberGroups: {
    ...checkingMemberGroups,
    path: '/me/checkMemberGroups',
    summary: 'Says of which of the named groups the signed-in user is a member, directly or through others.',
    access: own,
  },
  getMyMemberObjects: {
    ...gettingMemberGroups,
    path: '/me/getMemberObjects',
    summary: 'Lists the ids of all groups and administrative roles of which the signed-in user is a member.',
    access: own,
  },
  changeMyPassword: {
    method: 'POST',
    path: '/me/changePassword',
    summary: 'Changes the password of the signed-in user, who gives the present one.',
    access: ownAccess(['UserAuthenticationMethod.ReadWrite']),
    request: z.strictObject({ currentPassword: z.string(), newPassword: z.string() }),
    status: 204,
  },
} as const satisfies Operations;
