import { type Client, findClient } from '../../applications/index.ts';
import { type Leading, leadOn, type SignOutProtocol } from '../sign-out/index.ts';
import type { OAuthOptions, OAuthStores } from './stores.ts';

/** Tells applications by OpenID Connect that a session has ended, where the browser can; the others are called. */
export function oauthSignOut({ storage }: Pick<OAuthOptions, 'storage'>): SignOutProtocol {
  return {
    async notify({ tenant }, { applicationId, sessionId, state: issuer }, { reach }) {
      const client = await findClientById(storage.read, tenant.id, applicationId);
      const address = client && frontChannelAddress(client, issuer, sessionId);
      if (address !== undefined && reach !== 'call') return { by: 'frame', address };
      return client?.oauthClient.backchannelLogoutUri === undefined ? undefined : { by: 'call' };
    },

    async answer(call, state, signedOut) {
      return leadOn(storage.read.branding, call, JSON.parse(state) as Leading, signedOut);
    },
  };
}

/** The client of a service principal. */
export async function findClientById(stores: OAuthStores, tenantId: string, id: string): Promise<Client | undefined> {
  const appId = (await stores.objects.find(tenantId, id))?.attributes['appId'];
  return typeof appId === 'string' ? findClient(stores, tenantId, appId) : undefined;
}

/** The address by which a browser ends the session with the application (OpenID Connect Front-Channel Logout 1.0 2). */
function frontChannelAddress({ application }: Client, issuer: string, sessionId: string): string | undefined {
  const address = URL.parse(application?.attributes.web?.logoutUrl ?? '');
  address?.searchParams.append('iss', issuer);
  address?.searchParams.append('sid', sessionId);
  return address?.href;
}
