import type { user, userOperations } from '@countersign/management-api';
import {
  type AttributeChange,
  createUser,
  deleteObject,
  removeManager,
  setManager,
  setMustChangePassword,
  updateUser,
  userKind,
} from '../../../directory/index.ts';
import { tellUser } from '../../../user-flows/index.ts';
import { checkMayManage } from '../administrators.ts';
import type { Handlers } from '../call.ts';
import { answerDelta } from '../delta.ts';
import { notFound } from '../error.ts';
import { answerCreated, countObjects, listObjects, showMixed, showObject } from '../list-objects.ts';
import { answerCheckedGroups, answerMemberGroups, answerMemberObjects } from '../membership.ts';
import { referencedId } from '../object-id.ts';
import { preparedPassword } from '../prepared-password.ts';
import { listMemberOf, listRelated, listTransitiveMemberOf } from '../related.ts';
import { userOf } from '../user-of.ts';
import { versionCondition } from '../version-condition.ts';

/** https://learn.microsoft.com/graph/api/resources/users */
export const userHandlers = {
  listUsers: (call) => listObjects(call, userKind),
  countUsers: (call) => countObjects(call, userKind),
  deltaUsers: (call) => answerDelta(call, 'user'),
  createUser: async (call) => {
    const { passwordProfile, ...rest } = call.body;
    const attributes = rest as AttributeChange;
    const password = await preparedPassword(call, passwordProfile, attributes);
    const created = await call.storage.write((stores) => createUser(stores, call.act, attributes, password));
    return answerCreated(call, created);
  },
  getUser: async (call) => showObject(call, await userOf(call)),
  updateUser: async (call) => {
    const { passwordProfile, ...rest } = call.body;
    const attributes = rest as AttributeChange;
    const before = await userOf(call);
    if (isSensitive(call.body)) await checkMayManage(call, before);
    const password = await preparedPassword(call, passwordProfile, { ...before.attributes, ...attributes });
    const options = { ...versionCondition(call), ...(password && { password }) };
    const mustChange = password ? undefined : passwordProfile?.forceChangePasswordNextSignIn;
    await call.storage.write(async (stores) => {
      await updateUser(stores, call.act, before.id, attributes, options);
      if (password) await tellUser(stores, call.act, before, 'password');
      if (mustChange !== undefined) await setMustChangePassword(stores, call.act, before.id, mustChange);
    });
    return {};
  },
  deleteUser: async (call) => {
    const before = await userOf(call);
    await checkMayManage(call, before);
    const { ifVersion } = versionCondition(call);
    await call.storage.write((stores) => deleteObject(stores, call.act, userKind, before.id, ifVersion));
    return {};
  },
  getUserManager: async (call) => {
    const { id } = await userOf(call);
    const { items } = await call.storage.read.links.listTo(call.tenantId, 'manager', id, { limit: 1 });
    if (!items[0]) throw notFound('manager');
    return showMixed(call, items[0]);
  },
  setUserManager: async (call) => {
    const { id } = await userOf(call);
    const managerId = referencedId(call.body['@odata.id']);
    await call.storage.write((stores) => setManager(stores, call.act, id, managerId));
    return {};
  },
  removeUserManager: async (call) => {
    const { id } = await userOf(call);
    const wasThere = await call.storage.write((stores) => removeManager(stores, call.act, id));
    if (!wasThere) throw notFound('manager');
    return {};
  },
  listUserDirectReports: async (call) => listRelated(call, 'directReports', (await userOf(call)).id),
  listUserMemberOf: async (call) => listMemberOf(call, (await userOf(call)).id),
  listUserTransitiveMemberOf: async (call) => listTransitiveMemberOf(call, (await userOf(call)).id),
  listUserOwnedObjects: async (call) => listRelated(call, 'ownedObjects', (await userOf(call)).id),
  getUserMemberGroups: async (call) => answerMemberGroups(call, (await userOf(call)).id),
  checkUserMemberGroups: async (call) => answerCheckedGroups(call, (await userOf(call)).id),
  getUserMemberObjects: async (call) => answerMemberObjects(call, (await userOf(call)).id),
} satisfies Handlers<typeof userOperations>;

/** Properties by which somebody could take over the account of another. */
const sensitive = [
  'accountEnabled',
  'businessPhones',
  'identities',
  'mail',
  'mobilePhone',
  'onPremisesImmutableId',
  'otherMails',
  'passwordProfile',
  'userPrincipalName',
] as const satisfies (keyof typeof user.schema.shape)[];

function isSensitive(body: object): boolean {
  return sensitive.some((name) => name in body);
}
