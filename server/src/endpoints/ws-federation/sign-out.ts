import { buildPassiveRequest, type SignOutRequest } from '@countersign/ws-federation';
import type { RelyingParty } from '../../applications/index.ts';
import { findSessionToEnd } from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import { browserOf } from '../sign-in/index.ts';
import { type Leading, leadOn, type SignOutProtocol } from '../sign-out/index.ts';
import type { WsFederationCall, WsFederationOptions } from './ws-federation-call.ts';

/** The name under which applications of this protocol take part in sessions. */
export const wsFederationProtocol = 'wsFederation';

/** Lets every application that used a session end its own (WS-Federation 1.2 13.2.4). */
export function wsFederationSignOut({ storage }: Pick<WsFederationOptions, 'storage'>): SignOutProtocol {
  return {
    async notify({ tenant }, { applicationId }, { reach }) {
      if (reach === 'call') return undefined;
      const party = await storage.read.relyingParties.find(tenant.id, applicationId);
      return party?.protocol === 'wsFederation' ? { by: 'frame', address: cleanupAddress(party) } : undefined;
    },

    async answer(call, state, signedOut) {
      return leadOn(storage.read.branding, call, JSON.parse(state) as Leading, signedOut);
    },
  };
}

/**
 * Ends the browser's session with the tenant, whether an application asks or a service before us cleans up. The browser goes
 * on to the address that was asked for only if it is registered: for the realm that the request names, or for an application
 * that used the session.
 */
export async function endSession(call: WsFederationCall, asked: SignOutRequest): Promise<HttpResponse> {
  const { options, request, tenant, act } = call;
  const { read } = options.storage;
  const session = await findSessionToEnd(read, act, browserOf(request, tenant.id).sessionSecret);
  const used = session ? await read.sessions.listApplications(tenant.id, session.id) : [];
  const { relyingParties } = read;
  const found = await Promise.all([
    ...used.map(({ applicationId }) => relyingParties.find(tenant.id, applicationId)),
    asked.realm === undefined ? undefined : relyingParties.findByIdentifier(tenant.id, 'wsFederation', asked.realm),
  ]);
  const parties = found.filter((party) => party?.protocol === 'wsFederation');
  const addresses = parties.flatMap((party) => (party ? addressesOf(party) : []));
  const leading: Leading = {
    continueTo: addresses.find((address) => address === asked.reply),
    uiLocales: [],
    askedBy: [],
  };
  const askedSignOut = { protocol: wsFederationProtocol, applicationId: null, state: JSON.stringify(leading) };
  return options.signOut.begin({ request, tenant, act }, session ? [session] : [], askedSignOut);
}

function addressesOf({ replyAddresses, signOutAddresses }: RelyingParty): string[] {
  return [...replyAddresses, ...signOutAddresses].map(({ location }) => location);
}

/** The address by which a browser ends the session with the application: where it takes messages, if it names no other. */
function cleanupAddress(party: RelyingParty): string {
  const [first = ''] = [...party.signOutAddresses, ...party.replyAddresses].map(({ location }) => location);
  return buildPassiveRequest(first, { action: 'signOutCleanup' });
}
