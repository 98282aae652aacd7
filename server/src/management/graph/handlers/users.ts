import type { Operation, userOperations } from '@countersign/management-api';
import type { Call, Handlers } from '../call.ts';
import { notFound } from '../error.ts';
import { getUser } from '../find-object.ts';
import { countObjects, listObjects, showObject } from '../list-objects.ts';
import { contextUrl } from '../pages.ts';
import { listRelated } from '../related.ts';
import { mixedView } from '../resource-view.ts';

/** The user that the path of the call names. */
function userOf(call: Call<Operation & { path: '/users/{id}' }>) {
  return getUser(call.storage.read.objects, call.tenantId, call.parameters.id);
}

export const userHandlers = {
  listUsers: (call) => listObjects(call, 'user'),
  countUsers: (call) => countObjects(call, 'user'),
  getUser: async (call) => showObject(call, await userOf(call)),
  getUserManager: async (call) => {
    const user = await userOf(call);
    const { items } = await call.storage.read.links.listTo(call.tenantId, 'manager', user.id, { limit: 1 });
    if (!items[0]) throw notFound('manager');
    const shown = mixedView(call.query.select)(items[0]);
    return { body: { '@odata.context': contextUrl(call, 'directoryObjects/$entity'), ...shown } };
  },
  listUserDirectReports: async (call) => listRelated(call, 'directReports', (await userOf(call)).id),
  listUserMemberOf: async (call) => listRelated(call, 'memberOf', (await userOf(call)).id),
  listUserOwnedObjects: async (call) => listRelated(call, 'ownedObjects', (await userOf(call)).id),
} satisfies Partial<Handlers<typeof userOperations>>;
