import { ScimError } from '@countersign/scim';
import { type DirectoryObject, listRolesHeldBy } from '../../directory/index.ts';
import type { ScimStores } from './call.ts';

// Whoever may write an administrator's password or address, or the members of a group with a role, can become one.

/** @throws ScimError `forbidden` for a user who holds an administrative role */
export async function checkMayChangeUser(
  stores: Pick<ScimStores, 'links' | 'directoryRoles'>,
  tenantId: string,
  userId: string,
): Promise<void> {
  if ((await listRolesHeldBy(stores, tenantId, userId)).length === 0) return;
  throw new ScimError('forbidden', 'The user holds an administrative role and is changed in the hub only.');
}

/** @throws ScimError `forbidden` for a group that can hold administrative roles */
export function checkMayChangeGroup({ attributes }: DirectoryObject): void {
  if (attributes['isAssignableToRole'] !== true) return;
  throw new ScimError('forbidden', 'The group can hold administrative roles and is changed in the hub only.');
}
