import { getRelyingParty, type RelyingParty, type RelyingPartyStore } from '../../applications/index.ts';
import type { Tenant } from '../../directory/index.ts';
import {
  beginSignIn,
  type RequestedSignIn,
  type SignInAct,
  type SignInOutcome,
  type SignInWriting,
  takeSignInResult,
} from '../../sign-in/index.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { browserCookie, browserOf } from './cookies.ts';
import { signInPath } from './routes.ts';
import type { Tracing } from './tracing.ts';

/** The endpoint that a sign-in comes back to. */
export interface TracedEndpoint {
  /** The name under which results of sign-ins wait for it. */
  name: string;
  returnTo: string;
}

/** A request to an endpoint that keeps a trace of what it did. */
export interface TracedCall {
  options: {
    storage: {
      readonly read: SignInWriting & { relyingParties: RelyingPartyStore };
      write<Result>(work: (stores: SignInWriting) => Promise<Result>): Promise<Result>;
    };
  };
  request: HttpRequest;
  tenant: Tenant;
  act: SignInAct;
  tracing: Tracing;
}

/** What such an endpoint needs to know of the request, while the person signs in. */
interface Suspended {
  servicePrincipalId: string;
  traceId: string;
}

/** Sends the browser to the pages of a sign-in, unless its outcome is known at once: then `answer` says what to send. */
export async function beginTraced(
  { options, request, tenant, act, tracing }: TracedCall,
  { name: endpoint, returnTo }: TracedEndpoint,
  requested: RequestedSignIn,
  suspended: Suspended,
  answer: (outcome: SignInOutcome) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const answerWith = { endpoint, returnTo, state: JSON.stringify(suspended) };
  const begun = await options.storage.write(async (stores) => {
    const result = await beginSignIn(stores, act, requested, answerWith, browserOf(request, tenant.id));
    if (result.outcome !== 'interaction') return result;
    tracing.note({ signInId: result.signInId });
    await stores.signInTraces.save(tenant.id, tracing.trace);
    return result;
  });
  if (begun.outcome !== 'interaction') return answer(begun);
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
 * What came of a sign-in that was begun so, when the browser comes back.
 *
 * @throws Refusal `sign-in.result_not_found`, and `applications.relying_party_not_found` when the trust ended meanwhile
 */
export async function takeTraced<State extends Suspended>(
  { options, request, tenant, act, tracing }: TracedCall,
  endpoint: string,
): Promise<{ party: RelyingParty; suspended: State; outcome: SignInOutcome }> {
  const secret = request.url.searchParams.get('result') ?? '';
  const browser = browserOf(request, tenant.id);
  const result = await options.storage.write((stores) => takeSignInResult(stores, act, endpoint, secret, browser));
  const suspended = JSON.parse(result.answerWith.state) as State;
  tracing.resume(await options.storage.read.signInTraces.find(tenant.id, suspended.traceId));
  const party = await getRelyingParty(options.storage.read, tenant.id, suspended.servicePrincipalId);
  return { party, suspended, outcome: result.outcome };
}
