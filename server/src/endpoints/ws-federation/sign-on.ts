import { decideReplyAddress, type SignInRequest, WsFederationError } from '@countersign/ws-federation';
import { getServicePrincipal, type RelyingParty } from '../../applications/index.ts';
import type { RequestedSignIn, SignInOutcome } from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import { beginTraced, takeTraced } from '../sign-in/index.ts';
import { answerSignIn } from './answer.ts';
import { contextsOf } from './authentication-words.ts';
import { passed, type WsFederationCall } from './ws-federation-call.ts';

/** The name under which results of sign-ins wait for this endpoint. */
const endpointName = 'ws-federation';

/** What the answer needs to know of the request, while the person signs in. */
export interface SuspendedRequest {
  servicePrincipalId: string;
  /** Of the trace that goes on with the answer. */
  traceId: string;
  replyAddress: string;
  /** `wctx` */
  context: string | null;
  /** `wauth` */
  authenticationType: string | null;
}

/**
 * Answers a request to sign somebody in (WS-Federation 1.2 13.2.2).
 *
 * @throws WsFederationError; the protocol has no answer that tells an application of a failure
 */
export async function signOn(call: WsFederationCall, asked: SignInRequest): Promise<HttpResponse> {
  const { options, tenant } = call;
  const party = await findParty(call, asked.realm);
  const { id, attributes } = await getServicePrincipal(options.storage.read, tenant.id, party.servicePrincipalId);
  const suspended: SuspendedRequest = {
    servicePrincipalId: id,
    traceId: call.tracing.trace.id,
    replyAddress: decideReplyAddress(
      asked,
      party.replyAddresses.map(({ location }) => location),
    ),
    context: asked.context ?? null,
    authenticationType: asked.authenticationType ?? null,
  };
  passed(call, 'request.reply_address');
  if (!attributes.accountEnabled) throw new WsFederationError('request.denied', 'The application is disabled.');
  const { appId, displayName } = attributes;
  const requested = requestedSignIn(asked, { id, appId, displayName });
  const endpoint = { name: endpointName, returnTo: `/${tenant.id}/wsfed/return` };
  return beginTraced(call, endpoint, requested, suspended, (outcome) => answerOutcome(call, party, suspended, outcome));
}

/**
 * Goes on where the person was sent to sign in.
 *
 * @throws Refusal `sign-in.result_not_found`, and `applications.relying_party_not_found` when the trust ended meanwhile
 */
export async function returnFromSignIn(call: WsFederationCall): Promise<HttpResponse> {
  const { party, suspended, outcome } = await takeTraced<SuspendedRequest>(call, endpointName);
  return answerOutcome(call, party, suspended, outcome);
}

async function findParty(call: WsFederationCall, realm: string): Promise<RelyingParty> {
  const { options, tenant } = call;
  const party = await options.storage.read.relyingParties.findByIdentifier(tenant.id, 'wsFederation', realm);
  if (!party) throw new WsFederationError('request.realm', `It is "${realm}".`);
  call.tracing.noteParty(party);
  // SAML Metadata 4.3.1, which WS-Federation 1.2 3.1 builds on.
  if (party.isMetadataExpired) throw new WsFederationError('request.realm', `The metadata of "${realm}" has expired.`);
  passed(call, 'request.realm');
  return party;
}

function requestedSignIn(asked: SignInRequest, application: RequestedSignIn['application']): RequestedSignIn {
  const { freshnessMinutes, homeRealm, authenticationType, prompt } = asked;
  const contexts = contextsOf(authenticationType);
  return {
    application,
    flow: null,
    prompts: prompt === 'login' ? ['login'] : [],
    maxAgeSeconds: freshnessMinutes === undefined ? null : freshnessMinutes * 60,
    loginHint: null,
    domainHint: homeRealm || null,
    uiLocales: [],
    contexts,
    mustReachContext: contexts.length > 0,
    scopes: [],
    userId: null,
  };
}

async function answerOutcome(
  call: WsFederationCall,
  party: RelyingParty,
  suspended: SuspendedRequest,
  outcome: SignInOutcome,
): Promise<HttpResponse> {
  if (outcome.outcome === 'completed') return answerSignIn(call, party, suspended, outcome.signIn);
  throw new WsFederationError('request.denied', `The sign-in was refused: ${outcome.reason}.`);
}
