import { type Access, type deletedItemOperations, operations } from '@countersign/management-api';
import {
  purgeApplication,
  restoreApplication,
  restoreServicePrincipal,
  servicePrincipalKind,
} from '../../../applications/index.ts';
import type { Act } from '../../../audit/index.ts';
import {
  type DirectoryObject,
  groupKind,
  type ObjectKind,
  purgeObject,
  restoreObject,
  userKind,
} from '../../../directory/index.ts';
import { checkMayManage, checkMayManageRoleGroup } from '../administrators.ts';
import type { Call, CallWithId, Handlers, ManagementStores } from '../call.ts';
import { checkAccess } from '../check-access.ts';
import { badRequest, notFound } from '../error.ts';
import { showMixed } from '../list-objects.ts';
import { checkMayWriteApplication } from '../may-write-application.ts';
import { idOf } from '../object-id.ts';
import { answerPage, requestedPage, showPage } from '../pages.ts';
import { mixedView } from '../resource-view.ts';

/** https://learn.microsoft.com/graph/api/resources/deleteditems */
export const deletedItemHandlers = {
  listDeletedItems: async (call) => {
    if (!call.cast) throw badRequest('Say of which kind: /directory/deletedItems/microsoft.graph.user, for example.');
    const { limit, after } = requestedPage(call);
    const show = mixedView(call.query.select);
    const page = await call.storage.read.objects.listDeleted(call.tenantId, call.cast, limit, after);
    return answerPage(call, 'directoryObjects', showPage(page, show));
  },
  getDeletedItem: async (call) => showMixed(call, await deletedItem(call)),
  restoreDeletedItem: async (call) => {
    const { id, way } = await manageableItem(call);
    return showMixed(call, await call.storage.write((stores) => way.restore(stores, call.act, id)));
  },
  purgeDeletedItem: async (call) => {
    const { id, way } = await manageableItem(call);
    await call.storage.write((stores) => way.purge(stores, call.act, id));
    return {};
  },
} satisfies Handlers<typeof deletedItemOperations>;

/** How a kind of object comes back from the deleted items, or leaves them for good. */
interface Way {
  /** Who may delete such objects may also decide on deleted ones. */
  access: Access;
  /** @throws GraphError when the caller may not change this one */
  check(call: Call, item: DirectoryObject): Promise<void> | void;
  restore(stores: ManagementStores, act: Act, id: string): Promise<DirectoryObject>;
  purge(stores: ManagementStores, act: Act, id: string): Promise<void>;
}

const ways: Readonly<Record<ObjectKind, Way>> = {
  user: {
    access: operations.deleteUser.access,
    check: checkMayManage,
    restore: (stores, act, id) => restoreObject(stores, act, userKind, id),
    purge: (stores, act, id) => purgeObject(stores, act, userKind, id),
  },
  group: {
    access: operations.deleteGroup.access,
    check: (call, { attributes }) => checkMayManageRoleGroup(call, attributes),
    restore: (stores, act, id) => restoreObject(stores, act, groupKind, id),
    purge: (stores, act, id) => purgeObject(stores, act, groupKind, id),
  },
  application: {
    access: operations.deleteApplication.access,
    check: checkMayWriteApplication,
    restore: restoreApplication,
    purge: purgeApplication,
  },
  servicePrincipal: {
    access: operations.deleteServicePrincipal.access,
    check: checkMayWriteApplication,
    restore: restoreServicePrincipal,
    purge: (stores, act, id) => purgeObject(stores, act, servicePrincipalKind, id),
  },
};

async function deletedItem(call: CallWithId): Promise<DirectoryObject> {
  const { id } = call.parameters;
  const object = await call.storage.read.objects.find(call.tenantId, idOf(id), true);
  if (!object?.deletedAt) throw notFound(id);
  return object;
}

/** The same, when the caller may decide on it. */
async function manageableItem(call: CallWithId): Promise<{ id: string; way: Way }> {
  const item = await deletedItem(call);
  const way = ways[item.kind];
  checkAccess(way.access, call.caller);
  await way.check(call, item);
  return { id: item.id, way };
}
