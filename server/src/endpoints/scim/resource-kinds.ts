import { groupKind, userKind } from '../../directory/index.ts';
import { buildGroups } from './group-resource.ts';
import { createGroups, deleteGroup, patchGroup, replaceGroup } from './groups.ts';
import type { ResourceKind } from './resource-kind.ts';
import { buildUsers } from './user-resource.ts';
import { createUsers, deleteUser, patchUser, replaceUser } from './users.ts';

/** A changed group is answered in full up to this many members, a larger one without a body. */
const mostEchoedMembers = 100;

const users: ResourceKind = {
  name: 'User',
  endpoint: '/Users',
  definition: userKind,
  scopes: { read: 'users.read', write: 'users.write' },
  unversioned: undefined,
  build: buildUsers,
  create: createUsers,
  replace: replaceUser,
  patch: patchUser,
  remove: deleteUser,
  isCheaplyShown: async () => true,
};

const groups: ResourceKind = {
  name: 'Group',
  endpoint: '/Groups',
  definition: groupKind,
  scopes: { read: 'groups.read', write: 'groups.write' },
  unversioned: 'members',
  build: buildGroups,
  create: createGroups,
  replace: replaceGroup,
  patch: patchGroup,
  remove: deleteGroup,
  async isCheaplyShown(call, id) {
    const page = { limit: mostEchoedMembers };
    const { nextAfter } = await call.storage.read.links.listTo(call.act.tenantId, 'member', id, page);
    return nextAfter === undefined;
  },
};

/** Every resource type with how it is kept. */
export const resourceKinds: readonly ResourceKind[] = [users, groups];
