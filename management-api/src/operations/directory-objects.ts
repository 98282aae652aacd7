import { z } from 'zod';
import { readDirectory } from '../access.ts';
import type { Operations } from '../operation.ts';
import { checkingMemberGroups, gettingMemberGroups } from '../operation-forms.ts';
import { directoryObject, directoryObjects } from '../resources/directory-object.ts';
import { guid } from '../resources/property.ts';

/** Objects of any kind. https://learn.microsoft.com/graph/api/resources/directoryobject */
export const directoryObjectOperations = {
  getDirectoryObject: {
    method: 'GET',
    path: '/directoryObjects/{id}',
    summary: 'Reads an object of any kind.',
    access: readDirectory,
    query: ['$select'],
    response: directoryObject,
    status: 200,
  },
  getDirectoryObjectsByIds: {
    method: 'POST',
    path: '/directoryObjects/getByIds',
    summary: 'Reads up to 1000 objects by their ids, leaving out those that are not there.',
    access: readDirectory,
    query: ['$select'],
    request: z.strictObject({ ids: z.array(guid).max(1000), types: z.array(z.string()).optional() }),
    response: directoryObjects,
    status: 200,
  },
  getMemberGroups: {
    ...gettingMemberGroups,
    path: '/directoryObjects/{id}/getMemberGroups',
    summary: 'Lists the ids of all groups of which the object is a member, directly or through others.',
    access: readDirectory,
  },
  checkMemberGroups: {
    ...checkingMemberGroups,
    path: '/directoryObjects/{id}/checkMemberGroups',
    summary: 'Says of which of the named groups the object is a member, directly or through others.',
    access: readDirectory,
  },
  getMemberObjects: {
    ...gettingMemberGroups,
    path: '/directoryObjects/{id}/getMemberObjects',
    summary: 'Lists the ids of all groups and administrative roles of which the object is a member.',
    access: readDirectory,
  },
} as const satisfies Operations;
