import {
  checkLogoutRequest,
  checkLogoutResponse,
  failureIn,
  type LogoutRequest,
  parseLogoutRequest,
  parseLogoutResponse,
  SamlStatusError,
} from '@countersign/saml';
import type { RelyingParty } from '../../applications/index.ts';
import { findSessionToEnd, type Session } from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import { browserOf } from '../sign-in/index.ts';
import { expectedOf, findParty, type ReceivedMessage } from './receive-message.ts';
import type { SamlCall } from './saml-call.ts';
import { answerLogout, nameKeyOf, type SuspendedLogout, samlProtocol } from './sign-out.ts';

/**
 * Ends the sessions that an application names (SAML Profiles 4.4), tells the others, and then answers.
 *
 * @throws SamlStatusError as long as the request is not proven
 */
export async function signOut(call: SamlCall, message: ReceivedMessage): Promise<HttpResponse> {
  const { options, request, tenant, act } = call;
  const party = await findParty(call, parseLogoutRequest(message.element).issuer);
  // SAML Profiles 4.4.4.1: signed on these bindings. Without a key there is nothing to hold a signature against.
  const verified = await message.verify(party, party.signingCertificates.length > 0);
  const asking = parseLogoutRequest(verified.element);
  checkLogoutRequest(asking, expectedOf(call, party, verified));
  const suspended: SuspendedLogout = {
    servicePrincipalId: party.servicePrincipalId,
    requestId: asking.id,
    relayState: message.relayState ?? null,
  };
  const own = await findSessionToEnd(options.storage.read, act, browserOf(request, tenant.id).sessionSecret);
  const named = await findNamedSessions(call, party, asking);
  const sessions = named.sessions.filter(({ id }) => verified.isSigned || id === own?.id);
  const isOther = sessions.length === 0 && (own !== undefined || (verified.isSigned && named.isOther));
  if (isOther) {
    const status = { code: 'Requester', secondLevelCode: 'UnknownPrincipal' };
    return answerLogout(options, call, suspended, status);
  }
  const asked = {
    protocol: samlProtocol,
    applicationId: party.servicePrincipalId,
    state: JSON.stringify(suspended),
  };
  return options.signOut.begin({ request, tenant, act }, sessions, asked);
}

/**
 * The sessions that the request means: those it names by index; without an index all in which the application knows the
 * person by this name (SAML Core 3.7.1). They are found wherever the request came from, since browsers may keep cookies
 * back; an unsigned request can only mean that of its browser. `isOther`: an index is of somebody else's.
 */
export async function findNamedSessions(
  { options, tenant, act }: SamlCall,
  { servicePrincipalId }: RelyingParty,
  { nameId, sessionIndexes }: LogoutRequest,
): Promise<{ sessions: Session[]; isOther: boolean }> {
  const { sessions } = options.storage.read;
  const named = await sessions.listNamed(tenant.id, servicePrincipalId, nameKeyOf(nameId), act.now);
  const meant = named.filter(({ id }) => sessionIndexes.length === 0 || sessionIndexes.includes(id));
  if (meant.length > 0) return { sessions: meant, isOther: false };
  const indexed = await Promise.all(sessionIndexes.map((id) => sessions.find(tenant.id, id, act.now)));
  return { sessions: [], isOther: indexed.some((session) => session !== undefined) };
}

/**
 * Goes on when an application says that its session has ended, or that it has not: what cannot be proven counts as if it had
 * not, since the sign-out must go on.
 *
 * @throws SamlStatusError when nobody was asked
 */
export async function goOnSigningOut(call: SamlCall, message: ReceivedMessage): Promise<HttpResponse> {
  const { options, request, tenant, act } = call;
  const { inResponseTo = '' } = parseLogoutResponse(message.element);
  const signOutCall = { request, tenant, act };
  const visited = await options.signOut.findVisited(signOutCall, inResponseTo);
  const failure = visited && (await failureOf(call, message, visited.applicationId));
  const answer = visited && (await options.signOut.resume(signOutCall, inResponseTo, failure));
  if (!answer) throw new SamlStatusError('response.in_response_to', `It answers "${inResponseTo}".`);
  return answer;
}

/** Why the application's session may go on; undefined when it has ended. */
async function failureOf(call: SamlCall, message: ReceivedMessage, applicationId: string): Promise<string | undefined> {
  try {
    const party = await call.options.storage.read.relyingParties.find(call.tenant.id, applicationId);
    if (!party) return 'The trust has ended.';
    const verified = await message.verify(party, party.signingCertificates.length > 0);
    const response = parseLogoutResponse(verified.element);
    checkLogoutResponse(response, { ...expectedOf(call, party, verified), inResponseTo: response.inResponseTo });
    return failureIn(response.status);
  } catch (error) {
    if (!(error instanceof SamlStatusError)) throw error;
    return `${error.reason}: ${error.message}`;
  }
}
