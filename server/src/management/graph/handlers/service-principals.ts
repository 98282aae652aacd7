import type { servicePrincipalOperations } from '@countersign/management-api';
import {
  createServicePrincipal,
  deleteServicePrincipal,
  findApplication,
  type ServicePrincipal,
  servicePrincipalKind,
  updateServicePrincipal,
} from '../../../applications/index.ts';
import { type AttributeChange, addOwner, removeOwner } from '../../../directory/index.ts';
import type { CallWithId, Handlers } from '../call.ts';
import { alreadyThere, notFound } from '../error.ts';
import { answerCreated, countObjects, listObjects, showObject } from '../list-objects.ts';
import { checkMayWriteApplication } from '../may-write-application.ts';
import { answerCheckedGroups, answerMemberGroups, answerMemberObjects } from '../membership.ts';
import { idOf, referencedId } from '../object-id.ts';
import { listMemberOf, listRelated, listTransitiveMemberOf } from '../related.ts';
import { answerAddedPassword, answerRemovedPassword } from '../secrets.ts';
import { servicePrincipalOf } from '../service-principal-of.ts';
import { versionCondition } from '../version-condition.ts';

/** https://learn.microsoft.com/graph/api/resources/serviceprincipal */
export const servicePrincipalHandlers = {
  listServicePrincipals: (call) => listObjects(call, servicePrincipalKind),
  countServicePrincipals: (call) => countObjects(call, servicePrincipalKind),
  createServicePrincipal: async (call) => {
    const { appId, ...rest } = call.body;
    const attributes = rest as AttributeChange;
    const application = await findApplication(call.storage.read, call.tenantId, appId);
    if (application) await checkMayWriteApplication(call, application);
    const created = await call.storage.write((stores) => createServicePrincipal(stores, call.act, appId, attributes));
    return answerCreated(call, created);
  },
  getServicePrincipal: async (call) => showObject(call, await servicePrincipalOf(call)),
  updateServicePrincipal: async (call) => {
    const { id } = await writableServicePrincipalOf(call);
    const change = call.body as AttributeChange;
    await call.storage.write((stores) => updateServicePrincipal(stores, call.act, id, change, versionCondition(call)));
    return {};
  },
  deleteServicePrincipal: async (call) => {
    const { id } = await writableServicePrincipalOf(call);
    const { ifVersion } = versionCondition(call);
    await call.storage.write((stores) => deleteServicePrincipal(stores, call.act, id, ifVersion));
    return {};
  },
  addServicePrincipalPassword: async (call) => answerAddedPassword(call, await writableServicePrincipalOf(call)),
  removeServicePrincipalPassword: async (call) => answerRemovedPassword(call, await writableServicePrincipalOf(call)),
  listServicePrincipalOwners: async (call) => listRelated(call, 'owners', (await servicePrincipalOf(call)).id),
  addServicePrincipalOwner: async (call) => {
    const { id } = await writableServicePrincipalOf(call);
    const ownerId = referencedId(call.body['@odata.id']);
    const isNew = await call.storage.write((stores) => addOwner(stores, call.act, servicePrincipalKind, id, ownerId));
    if (!isNew) throw alreadyThere('owners');
    return {};
  },
  removeServicePrincipalOwner: async (call) => {
    const { id } = await writableServicePrincipalOf(call);
    const ownerId = idOf(call.parameters.ownerId);
    const wasThere = await call.storage.write((stores) =>
      removeOwner(stores, call.act, servicePrincipalKind, id, ownerId),
    );
    if (!wasThere) throw notFound(ownerId);
    return {};
  },
  listServicePrincipalOwnedObjects: async (call) =>
    listRelated(call, 'ownedObjects', (await servicePrincipalOf(call)).id),
  listServicePrincipalMemberOf: async (call) => listMemberOf(call, (await servicePrincipalOf(call)).id),
  listServicePrincipalTransitiveMemberOf: async (call) =>
    listTransitiveMemberOf(call, (await servicePrincipalOf(call)).id),
  getServicePrincipalMemberGroups: async (call) => answerMemberGroups(call, (await servicePrincipalOf(call)).id),
  checkServicePrincipalMemberGroups: async (call) => answerCheckedGroups(call, (await servicePrincipalOf(call)).id),
  getServicePrincipalMemberObjects: async (call) => answerMemberObjects(call, (await servicePrincipalOf(call)).id),
} satisfies Handlers<typeof servicePrincipalOperations>;

/** The service principal that the path names, when the caller may change it. */
async function writableServicePrincipalOf(call: CallWithId): Promise<ServicePrincipal> {
  const servicePrincipal = await servicePrincipalOf(call);
  await checkMayWriteApplication(call, servicePrincipal);
  return servicePrincipal;
}
