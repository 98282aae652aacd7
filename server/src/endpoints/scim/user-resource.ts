import { type JsonObject, locationOf, schemaUrns } from '@countersign/scim';
import { type DirectoryObject, userNameOf } from '../../directory/index.ts';
import { buildResource } from './build-resource.ts';
import type { ScimCall, ScimStores } from './call.ts';
import { typeNamed, type Wants } from './resource-kind.ts';
import { readDeclared } from './tenant-types.ts';
import { readUserAttributes } from './user-attributes.ts';
import { readTypedLists } from './user-lists.ts';

const type = typeNamed('User');
const groupType = typeNamed('Group');

/** SCIM's Users for users of the directory. What others hold of them is read for all together. */
export async function buildUsers(
  call: ScimCall,
  users: readonly DirectoryObject[],
  wants: Wants,
  stores: Pick<ScimStores, 'links'> = call.storage.read,
): Promise<JsonObject[]> {
  const ids = users.map(({ id }) => id);
  const { tenantId } = call.act;
  const managers = wants('manager') ? await stores.links.listOfMany(tenantId, 'manager', 'pointing', ids) : [];
  const groups = wants('groups') ? await stores.links.listOfMany(tenantId, 'member', 'pointedTo', ids) : [];
  const managerOf = new Map(managers.map(({ id, other }) => [id, other]));
  const groupsOf = Map.groupBy(groups, ({ id }) => id);
  return users.map((user) => {
    const own = groupsOf.get(user.id)?.filter(({ other }) => other.kind === 'group') ?? [];
    return buildUser(
      call,
      user,
      managerOf.get(user.id),
      own.map(({ other }) => other),
    );
  });
}

function buildUser(
  call: ScimCall,
  user: DirectoryObject,
  manager: DirectoryObject | undefined,
  groups: readonly DirectoryObject[],
): JsonObject {
  const attributes = readUserAttributes(user.attributes);
  const extension = attributes[schemaUrns.enterpriseUser];
  const above = manager && {
    value: manager.id,
    $ref: locationOf(type, call.baseUrl, manager.id),
    displayName: String(manager.attributes['displayName']),
  };
  return buildResource(call, call.types.User.type, user, {
    userName: userNameOf(user.attributes),
    ...attributes,
    ...readTypedLists(user.attributes),
    ...readDeclared(call.types.User, user.attributes),
    ...(groups.length > 0 && { groups: groups.map((group) => buildMembership(call, group)) }),
    ...(above && { [schemaUrns.enterpriseUser]: { ...(extension as JsonObject | undefined), manager: above } }),
  });
}

function buildMembership(call: ScimCall, { id, attributes }: DirectoryObject): JsonObject {
  return {
    value: id,
    $ref: locationOf(groupType, call.baseUrl, id),
    display: String(attributes['displayName']),
    type: 'direct',
  };
}
