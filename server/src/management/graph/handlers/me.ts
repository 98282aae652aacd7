import type { meOperations } from '@countersign/management-api';
import { getObject, preparePassword, updateUser, userKind, verifyPassword } from '../../../directory/index.ts';
import type { Call, CallWithId, Handlers } from '../call.ts';
import { GraphError } from '../error.ts';
import { userHandlers } from './users.ts';

/** The same call about the user who makes it. Only users reach these operations. */
function aboutCaller<Of extends Call>(call: Of): Of & CallWithId {
  return { ...call, parameters: { id: call.caller.id } };
}

export const meHandlers = {
  getMe: (call) => userHandlers.getUser(aboutCaller(call)),
  getMyManager: (call) => userHandlers.getUserManager(aboutCaller(call)),
  listMyDirectReports: (call) => userHandlers.listUserDirectReports(aboutCaller(call)),
  listMyMemberOf: (call) => userHandlers.listUserMemberOf(aboutCaller(call)),
  listMyTransitiveMemberOf: (call) => userHandlers.listUserTransitiveMemberOf(aboutCaller(call)),
  listMyOwnedObjects: (call) => userHandlers.listUserOwnedObjects(aboutCaller(call)),
  getMyMemberGroups: (call) => userHandlers.getUserMemberGroups(aboutCaller(call)),
  checkMyMemberGroups: (call) => userHandlers.checkUserMemberGroups(aboutCaller(call)),
  getMyMemberObjects: (call) => userHandlers.getUserMemberObjects(aboutCaller(call)),
  changeMyPassword: async (call) => {
    const { read, write } = call.storage;
    const me = await getObject(read, call.tenantId, userKind, call.caller.id);
    const credential = await read.passwords.find(call.tenantId, me.id);
    const { isCorrect } = await verifyPassword(call.passwords, credential, call.body.currentPassword);
    if (!isCorrect) throw new GraphError(400, 'Request_BadRequest', 'The present password is wrong.');
    const hash = await preparePassword(call.passwords, call.body.newPassword, me.attributes);
    await write((stores) => updateUser(stores, call.act, me.id, {}, { password: { hash, mustChange: false } }));
    return {};
  },
} satisfies Handlers<typeof meOperations>;
