import {
  applyPatch,
  type JsonObject,
  type MemberChanges,
  matchesFilter,
  parsePatch,
  readNewResource,
  readReplacement,
  ScimError,
  splitMemberChanges,
} from '@countersign/scim';
import {
  type AttributeChange,
  addMembers,
  createGroup as createDirectoryGroup,
  type DirectoryObject,
  deleteObject,
  getObject,
  getObjectToChange,
  groupKind,
  removeMembers,
  updateGroup,
} from '../../directory/index.ts';
import type { ResourceRequest, ScimCall, ScimStores } from './call.ts';
import { checkCondition } from './condition.ts';
import { buildGroup, buildMember, membersOf } from './group-resource.ts';
import { checkMayChangeGroup } from './privileged.ts';
import { referring } from './referring.ts';
import { writeDeclared } from './tenant-types.ts';
import { isTree } from './user-attributes.ts';

/** RFC 7644 3.3, for many at once: all of them or none. */
export function createGroups(call: ScimCall, bodies: readonly JsonObject[]): Promise<DirectoryObject[]> {
  const resources = bodies.map((body) => readNewResource(call.types.Group.type, body, call.dialect));
  return call.storage.write(async (stores) => {
    const groups: DirectoryObject[] = [];
    for (const resource of resources) {
      const group = await createDirectoryGroup(stores, call.act, attributesOf(call, resource));
      const isMoved = await add(stores, call, group, memberIds(resource));
      groups.push(isMoved ? await getObject(stores, call.act.tenantId, groupKind, group.id) : group);
    }
    return groups;
  });
}

/** RFC 7644 3.5.1. Costs the size of the group: whoever is not named any more has to go. */
export function replaceGroup(call: ScimCall, request: ResourceRequest, body: JsonObject): Promise<DirectoryObject> {
  return change(call, request, (resource) => {
    const wanted = readReplacement(call.types.Group.type, resource, body, call.dialect);
    const added = new Map(memberIds(wanted).map((id) => [id, {}]));
    return { wanted, members: { isCleared: true, removedWhere: [], removed: new Set(), added } };
  });
}

/** RFC 7644 3.5.2: all changes or none. Members that do not change are never read. */
export function patchGroup(call: ScimCall, request: ResourceRequest, body: JsonObject): Promise<DirectoryObject> {
  const { type } = call.types.Group;
  const { members, rest } = splitMemberChanges(parsePatch(type, body, call.dialect));
  return change(call, request, (resource) => ({ wanted: applyPatch(type, resource, rest, call.dialect), members }));
}

/** RFC 7644 3.6. The group can be restored, with its members. */
export function deleteGroup(call: ScimCall, request: ResourceRequest): Promise<void> {
  const { act } = call;
  return call.storage.write(async (stores) => {
    const before = await getObjectToChange(stores, act.tenantId, groupKind, request.id);
    checkCondition(call, request, before);
    checkMayChangeGroup(before);
    await deleteObject(stores, act, groupKind, request.id);
  });
}

function change(
  call: ScimCall,
  request: ResourceRequest,
  next: (resource: JsonObject) => { wanted: JsonObject; members: MemberChanges },
): Promise<DirectoryObject> {
  const { act } = call;
  return call.storage.write(async (stores) => {
    const before = await getObjectToChange(stores, act.tenantId, groupKind, request.id);
    checkCondition(call, request, before);
    checkMayChangeGroup(before);
    const resource = buildGroup(call, before, []);
    const { wanted, members } = next(resource);
    const after = wanted === resource ? before : await updateGroup(stores, act, request.id, attributesOf(call, wanted));
    const isMoved = await changeMembers(stores, call, after, members);
    return isMoved ? getObject(stores, act.tenantId, groupKind, request.id) : after;
  });
}

/** Says whether there are other members now. */
async function changeMembers(
  stores: ScimStores,
  call: ScimCall,
  group: DirectoryObject,
  { isCleared, removedWhere, removed, added }: MemberChanges,
): Promise<boolean> {
  const { act } = call;
  const leaving = (await stores.objects.findMany(act.tenantId, [...removed])).filter(isShown);
  if (isCleared || removedWhere.length > 0) {
    for await (const some of membersOf(call, stores, group.id)) {
      const isLeaving = (member: DirectoryObject) =>
        isCleared
          ? !added.has(member.id)
          : removedWhere.some((filter) => matchesFilter(filter, buildMember(call, member)));
      leaving.push(...some.filter(isLeaving));
    }
  }
  const isLess = leaving.length > 0 && (await removeMembers(stores, act, group, leaving));
  const isMore = await add(stores, call, group, [...added.keys()]);
  return isLess || isMore;
}

function isShown({ kind }: DirectoryObject): boolean {
  return kind === 'user' || kind === 'group';
}

async function add(
  stores: ScimStores,
  { act }: ScimCall,
  group: DirectoryObject,
  ids: readonly string[],
): Promise<boolean> {
  if (ids.length === 0) return false;
  return referring('a member', () => addMembers(stores, act, group, ids));
}

function attributesOf({ types }: ScimCall, resource: JsonObject): AttributeChange {
  const { displayName, externalId = null } = resource;
  return { displayName, externalId, ...writeDeclared(types.Group, resource) };
}

/** Each member once. @throws ScimError `invalidValue` for one without identifier */
function memberIds({ members }: JsonObject): string[] {
  const ids = (Array.isArray(members) ? members : []).map((member) => (isTree(member) ? member['value'] : undefined));
  const bad = ids.some((id) => typeof id !== 'string' || id === '');
  if (bad) throw new ScimError('invalidValue', 'A member needs a value: the identifier of a user or group.');
  return [...new Set(ids.map(String))];
}
