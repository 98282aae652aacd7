import { type Act, type AuditEvent, auditEvent } from '../audit/index.ts';
import type { DirectoryObject, ObjectKind, ObjectKindDefinition } from './attribute.ts';
import { refuse } from './errors.ts';
import { groupKind } from './group-kind.ts';
import type { Link, Relation } from './link.ts';
import { auditedObject, getObject, getObjectToChange } from './objects.ts';
import type { DirectoryStores } from './store.ts';
import { userKind } from './user-kind.ts';

type Stores = Pick<DirectoryStores, 'objects' | 'links'>;

/** Which kinds of objects can be what of which kinds. */
const mayBe: Readonly<Record<Relation, Readonly<Partial<Record<ObjectKind, readonly ObjectKind[]>>>>> = {
  member: { group: ['user', 'group', 'servicePrincipal'] },
  owner: {
    group: ['user', 'servicePrincipal'],
    application: ['user', 'servicePrincipal'],
    servicePrincipal: ['user', 'servicePrincipal'],
  },
  manager: { user: ['user'] },
};

/**
 * Puts a user, group or service principal into a group. False when it was there already. Costs the same whatever the size
 * of the group.
 *
 * @throws Refusal `directory.object_not_found`, `directory.link_kind_invalid`, `directory.group_cycle`,
 *   `directory.nesting_too_complex`
 */
export function addMember(stores: Stores, act: Act, groupId: string, memberId: string): Promise<boolean> {
  return addLink(stores, act, 'member', groupKind, groupId, memberId);
}

/** Takes a member out of a group. False when it was not there. */
export function removeMember(stores: Stores, act: Act, groupId: string, memberId: string): Promise<boolean> {
  return removeLink(stores, act, 'member', groupKind, groupId, memberId);
}

/** Members that are added or removed by one statement. */
const mostTogether = 500;

/**
 * Puts many into a group, in few statements. Those that are members already stay.
 * @returns whether anything changed
 * @throws Refusal as `addMember`
 */
export async function addMembers(
  stores: Stores,
  act: Act,
  group: DirectoryObject,
  memberIds: readonly string[],
): Promise<boolean> {
  let isChanged = false;
  for (const ids of chunks(memberIds)) {
    const members = new Map((await stores.objects.findMany(act.tenantId, ids)).map((found) => [found.id, found]));
    const links = ids.map((id) => {
      const member = members.get(id);
      if (!member) throw refuse('directory.object_not_found', { kind: 'object', id });
      checkLink('member', group, member);
      return linkOf('member', group, member);
    });
    const eventOf = memberEvents(act, 'add_member', group);
    const added = await stores.links.addMany(act.tenantId, links, act.now, eventOf);
    isChanged ||= added.length > 0;
  }
  return isChanged;
}

/** Takes many out of a group, in few statements. False when none of them was there. */
export async function removeMembers(
  stores: Stores,
  act: Act,
  group: DirectoryObject,
  members: readonly Pick<DirectoryObject, 'id' | 'kind'>[],
): Promise<boolean> {
  let isChanged = false;
  for (const some of chunks(members)) {
    const links = some.map((member) => linkOf('member', group, member));
    const eventOf = memberEvents(act, 'remove_member', group);
    const removed = await stores.links.removeMany(act.tenantId, links, act.now, eventOf);
    isChanged ||= removed.length > 0;
  }
  return isChanged;
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / mostTogether);
  return Array.from({ length: count }, (_, place) => items.slice(place * mostTogether, (place + 1) * mostTogether));
}

/**
 * Makes a user or service principal an owner of a group, application or service principal. False when it was one.
 * @throws Refusal `directory.object_not_found`, `directory.link_kind_invalid`
 */
export function addOwner(
  stores: Stores,
  act: Act,
  kind: ObjectKindDefinition,
  id: string,
  ownerId: string,
): Promise<boolean> {
  return addLink(stores, act, 'owner', kind, id, ownerId);
}

/** Takes an owner away. False when it was none. */
export function removeOwner(
  stores: Stores,
  act: Act,
  kind: ObjectKindDefinition,
  id: string,
  ownerId: string,
): Promise<boolean> {
  return removeLink(stores, act, 'owner', kind, id, ownerId);
}

/**
 * Makes a user the only manager of another.
 * @throws Refusal `directory.object_not_found`, `directory.link_kind_invalid` also for oneself
 */
export async function setManager(stores: Stores, act: Act, userId: string, managerId: string): Promise<void> {
  await getObjectToChange(stores, act.tenantId, userKind, userId);
  const { items } = await stores.links.listTo(act.tenantId, 'manager', userId, { limit: 1 });
  if (items[0]?.id === managerId) return;
  await removeManager(stores, act, userId);
  await addLink(stores, act, 'manager', userKind, userId, managerId);
}

/** False when the user had none. */
export async function removeManager(stores: Stores, act: Act, userId: string): Promise<boolean> {
  const { items } = await stores.links.listTo(act.tenantId, 'manager', userId, { limit: 1 });
  const [manager] = items;
  return manager !== undefined && removeLink(stores, act, 'manager', userKind, userId, manager.id);
}

async function addLink(
  stores: Stores,
  act: Act,
  relation: Relation,
  kind: ObjectKindDefinition,
  fromId: string,
  toId: string,
): Promise<boolean> {
  const [from, to] = await getBoth(stores, act.tenantId, kind, fromId, toId);
  checkLink(relation, from, to);
  const event = linkEvent(act, `add_${relation}`, kind, from, to);
  return stores.links.add(act.tenantId, linkOf(relation, from, to), act.now, [event]);
}

function checkLink(relation: Relation, from: DirectoryObject, to: DirectoryObject): void {
  const isSelf = from.id === to.id;
  if (isSelf && relation === 'member') throw refuse('directory.group_cycle', { groupId: from.id, memberId: to.id });
  const isAllowed = mayBe[relation][from.kind]?.includes(to.kind) && !isSelf;
  // A role would otherwise reach people whom nobody with the right to give it ever saw.
  const hidesRole = relation === 'member' && to.kind === 'group' && from.attributes['isAssignableToRole'] === true;
  if (!isAllowed || hidesRole) {
    throw refuse('directory.link_kind_invalid', { relation, fromKind: from.kind, toKind: to.kind });
  }
}

async function removeLink(
  stores: Stores,
  act: Act,
  relation: Relation,
  kind: ObjectKindDefinition,
  fromId: string,
  toId: string,
): Promise<boolean> {
  const from = await getObject(stores, act.tenantId, kind, fromId);
  const to = await stores.objects.find(act.tenantId, toId, true);
  if (!to) return false;
  const event = linkEvent(act, `remove_${relation}`, kind, from, to);
  return stores.links.remove(act.tenantId, linkOf(relation, from, to), act.now, [event]);
}

async function getBoth(
  stores: Stores,
  tenantId: string,
  { kind }: ObjectKindDefinition,
  fromId: string,
  toId: string,
): Promise<[DirectoryObject, DirectoryObject]> {
  const found = await stores.objects.findMany(tenantId, [fromId, toId]);
  const from = found.find(({ id }) => id === fromId);
  const to = found.find(({ id }) => id === toId);
  if (from?.kind !== kind) throw refuse('directory.object_not_found', { kind, id: fromId });
  if (!to) throw refuse('directory.object_not_found', { kind: 'object', id: toId });
  return [from, to];
}

function linkOf(
  relation: Relation,
  from: Pick<DirectoryObject, 'id' | 'kind'>,
  to: Pick<DirectoryObject, 'id' | 'kind'>,
): Link {
  return { relation, fromId: from.id, fromKind: from.kind, toId: to.id, toKind: to.kind };
}

function linkEvent(
  act: Act,
  verb: string,
  kind: ObjectKindDefinition,
  from: DirectoryObject,
  to: Pick<DirectoryObject, 'id' | 'kind'>,
): AuditEvent {
  const isAdded = verb.startsWith('add');
  const target = { id: to.id, kind: to.kind };
  const changes = [{ property: 'target', ...(isAdded ? { after: target } : { before: target }) }];
  return auditEvent(act, `${kind.kind}.${verb}`, auditedObject(kind, from), changes);
}

/** The events of members of one group. */
function memberEvents(act: Act, verb: string, group: DirectoryObject): (link: Link) => AuditEvent {
  return ({ toId, toKind }) => linkEvent(act, verb, groupKind, group, { id: toId, kind: toKind });
}
