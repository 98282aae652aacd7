import { type Client, findClient, findReplyAddress } from '../../applications/index.ts';
import type { Tenant } from '../../directory/index.ts';
import { findSessionToEnd } from '../../sign-in/index.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { browserOf } from '../sign-in/index.ts';
import type { Leading } from '../sign-out/index.ts';
import { actOfCall } from './act-of-call.ts';
import { findClientById } from './sign-out.ts';
import type { OAuthOptions } from './stores.ts';

/**
 * Ends the browser's session with the tenant (OpenID Connect RP-Initiated Logout 1.0). The browser goes to the address
 * that was asked for only if it is registered: for the client that the request names, or for an application that used
 * the session. Applications that used the session are told, each by its own protocol.
 *
 * Deviation: nobody is asked whether to sign out where `id_token_hint` is missing, which clients for Azure AD B2C never
 * send. Another site can so end a session, and nothing else.
 */
export async function logOut(
  { storage, now, newId, signOut }: OAuthOptions,
  request: HttpRequest,
  tenant: Tenant,
): Promise<HttpResponse> {
  const parameters = new URLSearchParams(
    request.method === 'POST' ? new TextDecoder().decode(request.body) : request.url.search,
  );
  const act = actOfCall({ tenant, request }, { now: now(), newId });
  const session = await findSessionToEnd(storage.read, act, browserOf(request, tenant.id).sessionSecret);

  const address = parameters.get('post_logout_redirect_uri');
  const used = session ? await storage.read.sessions.listApplications(tenant.id, session.id) : [];
  const appIds = [parameters.get('client_id'), audienceOf(parameters.get('id_token_hint'))].filter((id) => id !== null);
  const named = await Promise.all(appIds.map((appId) => findClient(storage.read, tenant.id, appId)));
  const using = await Promise.all(used.map((each) => findClientById(storage.read, tenant.id, each.applicationId)));
  const asking = named.filter((client) => client !== undefined);
  const registered = [...asking, ...using.filter((client) => client !== undefined)].filter((client) =>
    isGoodbye(client, address ?? ''),
  );
  const leading: Leading = {
    continueTo: address !== null && registered.length > 0 ? withState(address, parameters.get('state')) : undefined,
    uiLocales: parameters.get('ui_locales')?.split(' ') ?? [],
    askedBy: [...asking, ...registered].map(({ servicePrincipal }) => servicePrincipal.id),
  };
  const asked = { protocol: 'oauth', applicationId: null, state: JSON.stringify(leading) };
  return signOut.begin({ request, tenant, act }, session ? [session] : [], asked);
}

/** OpenID Connect RP-Initiated Logout 3 */
function isGoodbye({ replyAddresses, oauthClient }: Client, address: string): boolean {
  return (
    findReplyAddress(replyAddresses, address) !== undefined || isListed(oauthClient.postLogoutRedirectUris, address)
  );
}

function isListed(addresses: string[] | undefined, address: string): boolean {
  return findReplyAddress({ publicClient: { redirectUris: addresses ?? [] } }, address) !== undefined;
}

function withState(address: string, state: string | null): string {
  const url = new URL(address);
  if (state !== null) url.searchParams.append('state', state);
  return url.href;
}

/** The client that an ID token was for. It only chooses whose registered addresses count, so that nothing is verified. */
function audienceOf(idToken: string | null): string | null {
  try {
    const { aud } = JSON.parse(Buffer.from(idToken?.split('.')[1] ?? '', 'base64url').toString());
    return typeof aud === 'string' ? aud : null;
  } catch {
    return null;
  }
}
