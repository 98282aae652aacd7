import { buildPassiveRequest, type SignOutRequest } from '@countersign/ws-federation';
import type { RelyingParty } from '../../applications/index.ts';
import { signOut } from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import { browserOf, frameOf, noSessionCookie, signedOutAnswer } from '../sign-in/index.ts';
import type { WsFederationCall } from './ws-federation-call.ts';

/**
 * Ends the browser's session with the tenant, whether an application asks or a service before us cleans up, and lets every
 * application that used it end its own (WS-Federation 1.2 13.2.4). The browser goes on to the address that was asked for
 * only if it is registered: for the realm that the request names, or for an application that used the session.
 */
export async function endSession(call: WsFederationCall, asked: SignOutRequest): Promise<HttpResponse> {
  const { options, request, tenant, act } = call;
  const { storage } = options;
  const { sessionSecret } = browserOf(request, tenant.id);
  const ended = await storage.write((stores) => signOut(stores, act, sessionSecret));
  const ids = new Set((ended?.applications ?? []).map(({ applicationId }) => applicationId));
  const { relyingParties } = storage.read;
  const found = await Promise.all([...ids].map((id) => relyingParties.find(tenant.id, id)));
  const used = found.flatMap((party) => (party?.protocol === 'wsFederation' ? [party] : []));
  const named =
    asked.realm === undefined
      ? undefined
      : await relyingParties.findByIdentifier(tenant.id, 'wsFederation', asked.realm);
  const registered = [...used, ...(named ? [named] : [])].flatMap(addressesOf);
  const continueTo = registered.find((address) => address === asked.reply);

  const headers = { 'set-cookie': noSessionCookie(request.url, tenant.id) };
  const frames = used.map(cleanupAddress);
  if (continueTo !== undefined && frames.length === 0) {
    return { status: 303, headers: { ...headers, location: continueTo } };
  }
  const answer = signedOutAnswer(request, await frameOf(storage.read.branding, tenant), frames, continueTo);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function addressesOf({ replyAddresses, signOutAddresses }: RelyingParty): string[] {
  return [...replyAddresses, ...signOutAddresses].map(({ location }) => location);
}

/** The address by which a browser ends the session with the application: where it takes messages, if it names no other. */
function cleanupAddress(party: RelyingParty): string {
  const [first = ''] = [...party.signOutAddresses, ...party.replyAddresses].map(({ location }) => location);
  return buildPassiveRequest(first, { action: 'signOutCleanup' });
}
