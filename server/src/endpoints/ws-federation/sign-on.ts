import { decideReplyAddress, type SignInRequest, WsFederationError } from '@countersign/ws-federation';
import { getRelyingParty, getServicePrincipal, type RelyingParty } from '../../applications/index.ts';
import { beginSignIn, type RequestedSignIn, type SignInOutcome, takeSignInResult } from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import { browserCookie, browserOf, signInPath } from '../sign-in/index.ts';
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
  const { options, request, tenant, act } = call;
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
  const returnTo = `/${tenant.id}/wsfed/return`;
  const answerWith = { endpoint: endpointName, returnTo, state: JSON.stringify(suspended) };
  const begun = await options.storage.write(async (stores) => {
    const result = await beginSignIn(stores, act, requested, answerWith, browserOf(request, tenant.id));
    if (result.outcome !== 'interaction') return result;
    call.tracing.note({ signInId: result.signInId });
    await stores.signInTraces.save(tenant.id, call.tracing.trace);
    return result;
  });
  if (begun.outcome !== 'interaction') return answerOutcome(call, party, suspended, begun);
  return {
    status: 303,
    headers: {
      location: signInPath(tenant.id, begun.signInId),
      'set-cookie': [browserCookie(request.url, tenant.id, begun.browserSecret)],
      'cache-control': 'no-store',
    },
  };
}

/**
 * Goes on where the person was sent to sign in.
 *
 * @throws Refusal `sign-in.result_not_found`, and `applications.relying_party_not_found` when the trust ended meanwhile
 */
export async function returnFromSignIn(call: WsFederationCall): Promise<HttpResponse> {
  const { options, request, tenant, act } = call;
  const secret = request.url.searchParams.get('result') ?? '';
  const browser = browserOf(request, tenant.id);
  const result = await options.storage.write((stores) => takeSignInResult(stores, act, endpointName, secret, browser));
  const suspended = JSON.parse(result.answerWith.state) as SuspendedRequest;
  call.tracing.resume(await options.storage.read.signInTraces.find(tenant.id, suspended.traceId));
  const party = await getRelyingParty(options.storage.read, tenant.id, suspended.servicePrincipalId);
  return answerOutcome(call, party, suspended, result.outcome);
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
  const { freshnessMinutes, homeRealm, authenticationType } = asked;
  const contexts = contextsOf(authenticationType);
  return {
    application,
    flow: null,
    prompts: [],
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
