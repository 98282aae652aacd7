import type { meOperations } from '@countersign/management-api';
import { getObject, updateUser, userKind, verifyPassword } from '../../../directory/index.ts';
import { claimAttempt, forgiveAttempt, presentPasswordLimits, tellUser } from '../../../user-flows/index.ts';
import { aboutCaller } from '../about-caller.ts';
import type { Handlers } from '../call.ts';
import { GraphError } from '../error.ts';
import { hashOfNewPassword } from '../prepared-password.ts';
import { userHandlers } from './users.ts';

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
    const limits = presentPasswordLimits(me.id);
    const pausedUntil = await write((stores) => claimAttempt(stores, call.tenantId, call.act.now, limits));
    const credential = pausedUntil ? undefined : await read.passwords.find(call.tenantId, me.id);
    const { isCorrect } = await verifyPassword(call.passwords, credential, call.body.currentPassword);
    if (!isCorrect) {
      throw new GraphError(400, 'Request_BadRequest', 'The present password is wrong, or was so too often lately.');
    }
    const hash = await hashOfNewPassword(call, call.body.newPassword, me.attributes);
    await write(async (stores) => {
      await forgiveAttempt(stores, call.tenantId, call.act.now, limits, limits);
      await updateUser(stores, call.act, me.id, {}, { password: { hash, mustChange: false } });
      await tellUser(stores, call.act, me, 'password');
    });
    return {};
  },
} satisfies Handlers<typeof meOperations>;
