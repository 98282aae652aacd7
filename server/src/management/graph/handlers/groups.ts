import type { groupOperations, Operation } from '@countersign/management-api';
import type { Call, Handlers } from '../call.ts';
import { getObject } from '../find-object.ts';
import { countObjects, listObjects, showObject } from '../list-objects.ts';
import { listRelated } from '../related.ts';

/** The group that the path of the call names. */
function groupOf(call: Call<Operation & { path: '/groups/{id}' }>) {
  return getObject(call.storage.read.objects, call.tenantId, call.parameters.id, 'group');
}

export const groupHandlers = {
  listGroups: (call) => listObjects(call, 'group'),
  countGroups: (call) => countObjects(call, 'group'),
  getGroup: async (call) => showObject(call, await groupOf(call)),
  listGroupMembers: async (call) => listRelated(call, 'members', (await groupOf(call)).id),
  countGroupMembers: async (call) => {
    const { id } = await groupOf(call);
    return { body: String(await call.storage.read.links.countTo(call.tenantId, 'member', id)) };
  },
  listGroupTransitiveMembers: async (call) => listRelated(call, 'transitiveMembers', (await groupOf(call)).id),
  listGroupOwners: async (call) => listRelated(call, 'owners', (await groupOf(call)).id),
  listGroupMemberOf: async (call) => listRelated(call, 'memberOf', (await groupOf(call)).id),
} satisfies Partial<Handlers<typeof groupOperations>>;
