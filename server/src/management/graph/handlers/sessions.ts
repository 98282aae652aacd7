import { session, type sessionOperations } from '@countersign/management-api';
import { listSessions, revokeSession, revokeSignInSessions, type Session } from '../../../sign-in/index.ts';
import { checkMayManage } from '../administrators.ts';
import { answerResources } from '../answer-resource.ts';
import type { Answer, Call, Handlers } from '../call.ts';
import type { Shown } from '../resource-view.ts';
import { userOf } from '../user-of.ts';

export const sessionHandlers = {
  listUserSessions: async (call) => {
    const { id } = await userOf(call);
    const found = await listSessions(call.storage.read, call.tenantId, id, call.act.now);
    return answerResources(call, session, `users('${id}')/sessions`, found.map(sessionView));
  },
  deleteUserSession: async (call) => {
    const user = await userOf(call);
    await checkMayManage(call, user);
    await call.storage.write((stores) => revokeSession(stores, call.act, user.id, call.parameters.sessionId));
    return {};
  },
  revokeUserSignInSessions: async (call) => {
    const user = await userOf(call);
    await checkMayManage(call, user);
    return revokeAll(call, user.id);
  },
  revokeMySignInSessions: (call) => revokeAll(call, call.caller.id),
} satisfies Handlers<typeof sessionOperations>;

async function revokeAll(call: Call, userId: string): Promise<Answer> {
  await call.storage.write((stores) => revokeSignInSessions(stores, call.act, userId));
  return { body: { '@odata.context': `${call.baseUrl}/$metadata#Edm.Boolean`, value: true } };
}

function sessionView(found: Session): Shown {
  return {
    id: found.id,
    authenticationMethods: found.factors.map(({ method }) => method),
    createdDateTime: found.createdAt.toISOString(),
    endsDateTime: found.endsAt.toISOString(),
    ipAddress: found.address,
    isPersistent: found.isKept,
    lastUsedDateTime: found.lastUsedAt.toISOString(),
    userAgent: found.userAgent,
    validUntilDateTime: found.validUntil.toISOString(),
  };
}
