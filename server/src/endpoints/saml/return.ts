import type { HttpResponse } from '../http.ts';
import { takeTraced } from '../sign-in/index.ts';
import type { SamlCall } from './saml-call.ts';
import { answerOutcome, endpointName, type SuspendedRequest } from './sign-on.ts';

/**
 * Goes on where the person was sent to sign in.
 *
 * @throws Refusal `sign-in.result_not_found`, and `applications.relying_party_not_found` when the trust ended meanwhile
 */
export async function returnFromSignIn(call: SamlCall): Promise<HttpResponse> {
  const { party, suspended, outcome } = await takeTraced<SuspendedRequest>(call, endpointName);
  return answerOutcome(call, party, suspended, outcome);
}
