import type { directoryObjectOperations } from '@countersign/management-api';
import type { DirectoryObject } from '../../../directory/index.ts';
import type { CallWithId, Handlers } from '../call.ts';
import { notFound } from '../error.ts';
import { showMixed } from '../list-objects.ts';
import { answerCheckedGroups, answerMemberGroups, answerMemberObjects } from '../membership.ts';
import { idOf } from '../object-id.ts';
import { answerPage } from '../pages.ts';
import { mixedView } from '../resource-view.ts';

/** https://learn.microsoft.com/graph/api/resources/directoryobject */
export const directoryObjectHandlers = {
  getDirectoryObject: async (call) => showMixed(call, await objectOf(call)),
  getDirectoryObjectsByIds: async (call) => {
    const { ids, types } = call.body;
    const kinds = types?.map((type) => type.toLowerCase());
    const found = await call.storage.read.objects.findMany(call.tenantId, [
      ...new Set(ids.map((id) => id.toLowerCase())),
    ]);
    const wanted = found.filter(
      ({ kind }) => !kinds || kinds.includes('directoryobject') || kinds.includes(kind.toLowerCase()),
    );
    return answerPage(call, 'directoryObjects', { items: wanted.map(mixedView(call.query.select)) });
  },
  getMemberGroups: async (call) => answerMemberGroups(call, (await objectOf(call)).id),
  checkMemberGroups: async (call) => answerCheckedGroups(call, (await objectOf(call)).id),
  getMemberObjects: async (call) => answerMemberObjects(call, (await objectOf(call)).id),
} satisfies Handlers<typeof directoryObjectOperations>;

/** The object of any kind that the path of the call names. */
async function objectOf(call: CallWithId): Promise<DirectoryObject> {
  const object = await call.storage.read.objects.find(call.tenantId, idOf(call.parameters.id));
  if (!object) throw notFound(call.parameters.id);
  return object;
}
