import { type AuthnRequest, checkAuthnRequest, parseAuthnRequest } from '@countersign/saml';
import type { RelyingParty } from '../../applications/index.ts';
import { expectedOf, findParty, type ReceivedMessage } from './receive-message.ts';
import { passed, type SamlCall } from './saml-call.ts';

/** A request that is proven as far as the trust asks, and who sent it. */
export interface ReceivedRequest {
  party: RelyingParty;
  request: AuthnRequest;
  relayState: string | undefined;
}

/**
 * Proves an AuthnRequest: the signature with the keys of the application that it names, where there is one or must be one.
 *
 * @throws SamlStatusError
 */
export async function readAuthnRequest(
  call: SamlCall,
  { element, relayState, verify }: ReceivedMessage,
): Promise<ReceivedRequest> {
  const party = await findParty(call, parseAuthnRequest(element).issuer);
  const verified = await verify(party, party.mustSignRequests);
  if (verified.isSigned) passed(call, 'signature.value');
  const request = parseAuthnRequest(verified.element);
  checkAuthnRequest(request, expectedOf(call, party, verified));
  passed(call, 'message.destination', 'message.time');
  return { party, request, relayState };
}
