import { getRelyingParty } from '../../applications/index.ts';
import { takeSignInResult } from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import { browserOf } from '../sign-in/index.ts';
import type { SamlCall } from './saml-call.ts';
import { answerOutcome, endpointName, type SuspendedRequest } from './sign-on.ts';

/**
 * Goes on where the person was sent to sign in.
 *
 * @throws Refusal `sign-in.result_not_found`, and `applications.relying_party_not_found` when the trust ended meanwhile
 */
export async function returnFromSignIn(call: SamlCall): Promise<HttpResponse> {
  const { options, request, tenant, act } = call;
  const secret = request.url.searchParams.get('result') ?? '';
  const browser = browserOf(request, tenant.id);
  const result = await options.storage.write((stores) => takeSignInResult(stores, act, endpointName, secret, browser));
  const suspended = JSON.parse(result.answerWith.state) as SuspendedRequest;
  call.tracing.resume(await options.storage.read.signInTraces.find(tenant.id, suspended.traceId));
  const party = await getRelyingParty(options.storage.read, tenant.id, suspended.servicePrincipalId);
  return answerOutcome(call, party, suspended, result.outcome);
}
