import { access, readDirectory } from '../access.ts';
import type { Operations } from '../operation.ts';
import { deleting, listingMixed } from '../operation-forms.ts';
import { directoryObject } from '../resources/directory-object.ts';

/** Besides this, the caller needs what deleting an object of that kind needs. */
const write = access(
  ['User.ReadWrite.All', 'Group.ReadWrite.All', 'Application.ReadWrite.All', 'Directory.ReadWrite.All'],
  [
    'User Administrator',
    'Groups Administrator',
    'Application Administrator',
    'Cloud Application Administrator',
    'Directory Writers',
  ],
);

/** Deleted objects, which can be restored for 30 days. https://learn.microsoft.com/graph/api/resources/directory */
export const deletedItemOperations = {
  listDeletedItems: {
    ...listingMixed,
    path: '/directory/deletedItems',
    summary: 'Lists the deleted objects of one kind.',
    access: readDirectory,
    query: ['$select', '$top', '$skiptoken'],
  },
  getDeletedItem: {
    method: 'GET',
    path: '/directory/deletedItems/{id}',
    summary: 'Reads a deleted object.',
    access: readDirectory,
    query: ['$select'],
    response: directoryObject,
    status: 200,
  },
  restoreDeletedItem: {
    method: 'POST',
    path: '/directory/deletedItems/{id}/restore',
    summary: 'Restores a deleted object.',
    access: write,
    response: directoryObject,
    status: 200,
  },
  purgeDeletedItem: {
    ...deleting,
    path: '/directory/deletedItems/{id}',
    summary: 'Removes a deleted object for good.',
    access: write,
  },
} as const satisfies Operations;
