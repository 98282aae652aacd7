import {
  answerLogoutBySoap,
  checkLogoutRequest,
  type LogoutRequest,
  maximumAgeSeconds,
  parseLogoutRequest,
  partialLogout,
  SamlStatusError,
  type Status,
  success,
} from '@countersign/saml';
import type { XmlElement } from '@countersign/xml';
import { xmlDigest, xmlSigner } from '../../issuance/index.ts';
import type { HttpResponse } from '../http.ts';
import { findNamedSessions } from './logout.ts';
import { clockSkewSeconds, expectedOf, findParty, verifyEnveloped } from './receive-message.ts';
import { keepRefusal, newMessageId, passed, type SamlCall } from './saml-call.ts';
import { samlProtocol } from './sign-out.ts';

/** Answers an application that signs somebody out by itself, without a browser (SAML Bindings 3.2, SAML Profiles 4.4.3.5). */
export async function answerSoap(call: SamlCall): Promise<HttpResponse> {
  const { options, request, tenant, addresses, act, tracing } = call;
  const envelope = request.body ?? new Uint8Array();
  tracing.note({ request: new TextDecoder().decode(envelope) });
  const { refused, ...answer } = await answerLogoutBySoap(envelope, {
    id: newMessageId(options),
    now: act.now,
    issuer: addresses.entityId,
    signer: xmlSigner(await options.keys.signer(tenant.id)),
    digest: xmlDigest,
    reference: request.requestId,
    logOut: (message, issuer) => logOut(call, message, issuer),
  });
  if (refused) await keepRefusal(call, refused);
  return answer;
}

/**
 * Ends the sessions that are named, and tells everybody who can be told without a browser.
 *
 * @throws SamlStatusError
 */
async function logOut(call: SamlCall, message: XmlElement, issuer: string): Promise<Status> {
  const { options, request, tenant, addresses, act } = call;
  const party = await findParty(call, issuer);
  // SAML Profiles 4.4.4.1: whoever asks proves to be it, and over this channel nothing else does.
  const verified = await verifyEnveloped(message, party, true);
  passed(call, 'signature.value');
  const asking = parseLogoutRequest(verified.element);
  checkLogoutRequest(asking, expectedOf(call, party, verified, addresses.soap));
  passed(call, 'message.destination', 'message.time');
  await checkFirst(call, asking);
  const { sessions, isOther } = await findNamedSessions(call, party, asking);
  if (isOther) return { code: 'Requester', secondLevelCode: 'UnknownPrincipal' };
  const by = { protocol: samlProtocol, applicationId: party.servicePrincipalId };
  const untold = await options.signOut.end({ request, tenant, act }, sessions, by);
  return untold.length === 0 ? success : partialLogout;
}

/** SAML Core 1.3.4: an id is used once. Without an index a request that came again would end later sessions, too. */
async function checkFirst({ options, tenant, act }: SamlCall, { issuer, id }: LogoutRequest): Promise<void> {
  const until = new Date(act.now.getTime() + (maximumAgeSeconds + 2 * clockSkewSeconds) * 1000);
  const isFirst = await options.storage.write(({ usedIds }) => usedIds.use(tenant.id, `logout ${issuer} ${id}`, until));
  if (!isFirst) throw new SamlStatusError('message.replayed', `"${id}" came before.`);
}
