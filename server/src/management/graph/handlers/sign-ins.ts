import { signIn, type signInOperations, signInTrace } from '@countersign/management-api';
import { auditEvent } from '../../../audit/index.ts';
import { findUser } from '../../../directory/index.ts';
import type { SignInEvent } from '../../../sign-in/index.ts';
import { answerResource } from '../answer-resource.ts';
import type { Call, Handlers } from '../call.ts';
import { notFound } from '../error.ts';
import { answerLogPage, logLines, type ShownLog } from '../log-pages.ts';
import { logQuery } from '../log-query.ts';
import { signInConditions } from '../sign-in-query.ts';
import { signInView } from '../sign-in-view.ts';

const log: ShownLog<SignInEvent> = {
  resource: signIn,
  path: 'auditLogs/signIns',
  time: 'createdDateTime',
  async list(call, limit, after) {
    const { userPrincipalName, ...query } = logQuery('sign-in log', signInConditions, call.query.filter);
    const userId = userPrincipalName === undefined ? query.userId : await idOfUser(call, userPrincipalName);
    if (userId === null) return [];
    const { signInEvents } = call.storage.read;
    return signInEvents.list(call.tenantId, { ...query, ...(userId !== undefined && { userId }) }, limit, after);
  },
  view: signInView,
};

/** https://learn.microsoft.com/graph/api/resources/signin */
export const signInHandlers = {
  listSignIns: (call) => answerLogPage(call, log),
  exportSignIns: async (call) => ({ stream: logLines(call, log) }),
  getSignIn: async (call) => {
    const event = await call.storage.read.signInEvents.find(call.tenantId, call.parameters.id);
    if (!event) throw notFound(call.parameters.id);
    return answerResource(call, signIn, log.path, signInView(event));
  },
  getSignInTrace: async (call) => {
    const { id: reference } = call.parameters;
    const trace = await call.storage.read.signInTraces.find(call.tenantId, reference);
    if (!trace) throw notFound(reference);
    const { at, applicationId: servicePrincipalId, ...rest } = trace;
    // Who has looked at the claims of people is itself worth knowing.
    const object = { kind: 'signInTrace', id: trace.id, name: null };
    await call.storage.write(({ audit }) => audit.append([auditEvent(call.act, 'signInTrace.read', object, [])]));
    const view = { ...rest, createdDateTime: at.toISOString(), servicePrincipalId };
    return answerResource(call, signInTrace, 'auditLogs/signInTraces', view);
  },
} satisfies Handlers<typeof signInOperations>;

async function idOfUser({ storage, tenantId }: Call, name: string): Promise<string | null> {
  return (await findUser(storage.read, tenantId, name))?.id ?? null;
}
