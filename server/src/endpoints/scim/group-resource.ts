import { type JsonObject, locationOf, ScimError } from '@countersign/scim';
import { type DirectoryObject, type ObjectKind, userNameOf } from '../../directory/index.ts';
import { buildResource } from './build-resource.ts';
import type { ScimCall, ScimStores } from './call.ts';
import { typeNamed, type Wants } from './resource-kind.ts';
import { readDeclared } from './tenant-types.ts';

const memberTypes = { user: typeNamed('User'), group: typeNamed('Group') } as const;

/** Members that are read at once. */
const pageSize = 1000;
/** Members that one answer shows, of all its groups together. */
const mostMembers = 250_000;

/** SCIM's Groups for groups of the directory. */
export async function buildGroups(
  call: ScimCall,
  groups: readonly DirectoryObject[],
  wants: Wants,
): Promise<JsonObject[]> {
  const resources: JsonObject[] = [];
  let shown = 0;
  for (const group of groups) {
    const members: JsonObject[] = [];
    if (wants('members')) {
      for await (const some of membersOf(call, call.storage.read, group.id)) {
        members.push(...some.map((member) => buildMember(call, member)));
        shown += some.length;
        if (shown > mostMembers) {
          const advice = 'Ask with excludedAttributes=members, or for fewer groups at once.';
          throw new ScimError('tooMany', `The groups have more than ${mostMembers} members. ${advice}`);
        }
      }
    }
    resources.push(buildGroup(call, group, members));
  }
  return resources;
}

/** A group with these of its members. */
export function buildGroup(call: ScimCall, group: DirectoryObject, members: JsonObject[]): JsonObject {
  const { externalId, displayName } = group.attributes;
  return buildResource(call, call.types.Group.type, group, {
    ...(externalId !== undefined && { externalId }),
    displayName: String(displayName),
    ...readDeclared(call.types.Group, group.attributes),
    ...(members.length > 0 && { members }),
  });
}

export function buildMember(call: ScimCall, { id, kind, attributes }: DirectoryObject): JsonObject {
  const memberType = kind === 'group' ? memberTypes.group : memberTypes.user;
  return {
    value: id,
    $ref: locationOf(memberType, call.baseUrl, id),
    type: memberType.name,
    display: String(attributes['displayName'] ?? userNameOf(attributes)),
  };
}

const memberKinds = ['group', 'user'] as const satisfies ObjectKind[];

/** The users and groups that a group contains, in pages: SCIM knows no other members. */
export async function* membersOf(
  { act }: ScimCall,
  stores: Pick<ScimStores, 'links'>,
  groupId: string,
): AsyncGenerator<DirectoryObject[]> {
  for (const kind of memberKinds) {
    let page = await stores.links.listTo(act.tenantId, 'member', groupId, { kind, limit: pageSize });
    yield page.items;
    while (page.nextAfter) {
      page = await stores.links.listTo(act.tenantId, 'member', groupId, {
        kind,
        limit: pageSize,
        after: page.nextAfter,
      });
      yield page.items;
    }
  }
}
