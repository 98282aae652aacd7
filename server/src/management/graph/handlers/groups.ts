import type { groupOperations } from '@countersign/management-api';
import type { Act } from '../../../audit/index.ts';
import {
  type AttributeChange,
  addMember,
  addOwner,
  createGroup,
  type DirectoryObject,
  deleteObject,
  getObject,
  groupKind,
  removeMember,
  removeOwner,
  updateGroup,
} from '../../../directory/index.ts';
import { checkMayManageRoleGroup } from '../administrators.ts';
import type { CallWithId, Handlers, ManagementStores } from '../call.ts';
import { answerDelta } from '../delta.ts';
import { alreadyThere, notFound } from '../error.ts';
import { answerCreated, countObjects, listObjects, showObject } from '../list-objects.ts';
import { answerCheckedGroups, answerMemberGroups, answerMemberObjects } from '../membership.ts';
import { idOf, referencedId } from '../object-id.ts';
import { listMemberOf, listRelated, listTransitiveMemberOf } from '../related.ts';
import { versionCondition } from '../version-condition.ts';

/** https://learn.microsoft.com/graph/api/resources/groups-overview */
export const groupHandlers = {
  listGroups: (call) => listObjects(call, groupKind),
  countGroups: (call) => countObjects(call, groupKind),
  deltaGroups: (call) => answerDelta(call, 'group'),
  createGroup: async (call) => {
    const { 'members@odata.bind': members = [], 'owners@odata.bind': owners = [], ...attributes } = call.body;
    checkMayManageRoleGroup(call, attributes);
    const created = await call.storage.write(async (stores) => {
      const group = await createGroup(stores, call.act, attributes as AttributeChange);
      await addMembers(stores, call.act, group.id, members);
      for (const owner of owners) await addOwner(stores, call.act, groupKind, group.id, referencedId(owner));
      return members.length > 0 ? getObject(stores, call.tenantId, groupKind, group.id) : group;
    });
    return answerCreated(call, created);
  },
  getGroup: async (call) => showObject(call, await groupOf(call)),
  updateGroup: async (call) => {
    const { 'members@odata.bind': members = [], ...attributes } = call.body;
    const { id } = await changeableGroupOf(call);
    await call.storage.write(async (stores) => {
      await updateGroup(stores, call.act, id, attributes as AttributeChange, versionCondition(call));
      await addMembers(stores, call.act, id, members);
    });
    return {};
  },
  deleteGroup: async (call) => {
    const { id } = await changeableGroupOf(call);
    const { ifVersion } = versionCondition(call);
    await call.storage.write((stores) => deleteObject(stores, call.act, groupKind, id, ifVersion));
    return {};
  },
  listGroupMembers: async (call) => listRelated(call, 'members', (await groupOf(call)).id),
  countGroupMembers: async (call) => {
    const { id } = await groupOf(call);
    return { body: String(await call.storage.read.links.countTo(call.tenantId, 'member', id)) };
  },
  addGroupMember: async (call) => {
    const { id } = await changeableGroupOf(call);
    const memberId = referencedId(call.body['@odata.id']);
    const isNew = await call.storage.write((stores) => addMember(stores, call.act, id, memberId));
    if (!isNew) throw alreadyThere('members');
    return {};
  },
  removeGroupMember: async (call) => {
    const { id } = await changeableGroupOf(call);
    const memberId = idOf(call.parameters.memberId);
    const wasThere = await call.storage.write((stores) => removeMember(stores, call.act, id, memberId));
    if (!wasThere) throw notFound(memberId);
    return {};
  },
  listGroupTransitiveMembers: async (call) => listRelated(call, 'transitiveMembers', (await groupOf(call)).id),
  listGroupOwners: async (call) => listRelated(call, 'owners', (await groupOf(call)).id),
  addGroupOwner: async (call) => {
    const { id } = await changeableGroupOf(call);
    const ownerId = referencedId(call.body['@odata.id']);
    const isNew = await call.storage.write((stores) => addOwner(stores, call.act, groupKind, id, ownerId));
    if (!isNew) throw alreadyThere('owners');
    return {};
  },
  removeGroupOwner: async (call) => {
    const { id } = await changeableGroupOf(call);
    const ownerId = idOf(call.parameters.ownerId);
    const wasThere = await call.storage.write((stores) => removeOwner(stores, call.act, groupKind, id, ownerId));
    if (!wasThere) throw notFound(ownerId);
    return {};
  },
  listGroupMemberOf: async (call) => listMemberOf(call, (await groupOf(call)).id),
  listGroupTransitiveMemberOf: async (call) => listTransitiveMemberOf(call, (await groupOf(call)).id),
  getGroupMemberGroups: async (call) => answerMemberGroups(call, (await groupOf(call)).id),
  checkGroupMemberGroups: async (call) => answerCheckedGroups(call, (await groupOf(call)).id),
  getGroupMemberObjects: async (call) => answerMemberObjects(call, (await groupOf(call)).id),
} satisfies Handlers<typeof groupOperations>;

/** The group that the path of the call names. */
function groupOf(call: CallWithId): Promise<DirectoryObject> {
  return getObject(call.storage.read, call.tenantId, groupKind, idOf(call.parameters.id));
}

/** The same, when the caller may change it. */
async function changeableGroupOf(call: CallWithId): Promise<DirectoryObject> {
  const group = await groupOf(call);
  checkMayManageRoleGroup(call, group.attributes);
  return group;
}

async function addMembers(stores: ManagementStores, act: Act, groupId: string, references: readonly string[]) {
  for (const reference of references) {
    const isNew = await addMember(stores, act, groupId, referencedId(reference));
    if (!isNew) throw alreadyThere('members');
  }
}
