import { readGroups, writeGroups, writeMembers } from '../access.ts';
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
import { createGroupRequest, group, updateGroupRequest } from '../resources/group.ts';

/** https://learn.microsoft.com/graph/api/resources/groups-overview */
export const groupOperations = {
  listGroups: {
    ...listing(group),
    path: '/groups',
    summary: 'Lists the groups of the tenant.',
    access: readGroups,
  },
  countGroups: {
    ...counting,
    path: '/groups/$count',
    summary: 'Counts the groups of the tenant.',
    access: readGroups,
  },
  deltaGroups: {
    ...delta(group),
    path: '/groups/delta',
    summary:
      'Lists the groups that were created, changed or deleted, and their changed members, since a former answer.',
    access: readGroups,
  },
  createGroup: {
    method: 'POST',
    path: '/groups',
    summary: 'Creates a group, with its first members and owners.',
    access: writeGroups,
    request: createGroupRequest,
    response: group.schema,
    status: 201,
  },
  getGroup: {
    ...reading(group),
    path: '/groups/{id}',
    summary: 'Reads a group.',
    access: readGroups,
  },
  updateGroup: {
    method: 'PATCH',
    path: '/groups/{id}',
    summary: 'Changes properties of a group, or adds up to 20 members.',
    access: writeGroups,
    request: updateGroupRequest,
    status: 204,
  },
  deleteGroup: {
    ...deleting,
    path: '/groups/{id}',
    summary: 'Puts a group into the deleted items, from where it can be restored for 30 days.',
    access: writeGroups,
  },
  listGroupMembers: {
    ...listingRelated,
    path: '/groups/{id}/members',
    summary: 'Lists the direct members of the group.',
    access: readGroups,
  },
  countGroupMembers: {
    ...counting,
    query: [],
    path: '/groups/{id}/members/$count',
    summary: 'Counts the direct members of the group.',
    access: readGroups,
  },
  addGroupMember: {
    ...linking,
    path: '/groups/{id}/members/$ref',
    summary: 'Adds a member to the group.',
    access: writeMembers,
  },
  removeGroupMember: {
    ...deleting,
    path: '/groups/{id}/members/{memberId}/$ref',
    summary: 'Removes a member from the group.',
    access: writeMembers,
  },
  listGroupTransitiveMembers: {
    ...listingRelated,
    path: '/groups/{id}/transitiveMembers',
    summary: 'Lists the members of the group, directly or through groups, each once.',
    access: readGroups,
  },
  listGroupOwners: {
    ...listingRelated,
    path: '/groups/{id}/owners',
    summary: 'Lists the owners of the group.',
    access: readGroups,
  },
  addGroupOwner: {
    ...linking,
    path: '/groups/{id}/owners/$ref',
    summary: 'Adds an owner to the group.',
    access: writeGroups,
  },
  removeGroupOwner: {
    ...deleting,
    path: '/groups/{id}/owners/{ownerId}/$ref',
    summary: 'Removes an owner from the group.',
    access: writeGroups,
  },
  listGroupMemberOf: {
    ...listingMemberOf,
    path: '/groups/{id}/memberOf',
    summary: 'Lists the groups and administrative roles of which the group is a direct member.',
    access: readGroups,
  },
  listGroupTransitiveMemberOf: {
    ...listingMemberOf,
    path: '/groups/{id}/transitiveMemberOf',
    summary: 'Lists the groups and administrative roles of which the group is a member, directly or through groups.',
    access: readGroups,
  },
  getGroupMemberGroups: {
    ...gettingMemberGroups,
    path: '/groups/{id}/getMemberGroups',
    summary: 'Lists the ids of all groups of which the group is a member, directly or through others.',
    access: readGroups,
  },
  checkGroupMemberGroups: {
    ...checkingMemberGroups,
    path: '/groups/{id}/checkMemberGroups',
    summary: 'Says of which of the named groups the group is a member, directly or through others.',
    access: readGroups,
  },
  getGroupMemberObjects: {
    ...gettingMemberGroups,
    path: '/groups/{id}/getMemberObjects',
    summary: 'Lists the ids of all groups and administrative roles of which the group is a member.',
    access: readGroups,
  },
} as const satisfies Operations;
