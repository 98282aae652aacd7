import { type Client, findClient, findReplyAddress } from '../../applications/index.ts';
import type { Tenant } from '../../directory/index.ts';
import { type EndedSession, signOut } from '../../sign-in/index.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { browserOf, frameOf, noSessionCookie, signedOutAnswer } from '../sign-in/index.ts';
import { actOfCall } from './act-of-call.ts';
import type { OAuthOptions, OAuthStores } from './stores.ts';

/**
 * Ends the browser's session with the tenant (OpenID Connect RP-Initiated Logout 1.0). The browser goes to the address
 * that was asked for only if it is registered: for the client that the request names, or for an application that used
 * the session. Applications that used the session are told by the browser, in frames of the page, and by a job of ours.
 *
 * Deviation: nobody is asked whether to sign out where `id_token_hint` is missing, which clients for Azure AD B2C never
 * send. Another site can so end a session, and nothing else.
 */
export async function logOut(
  { storage, now, newId }: OAuthOptions,
  request: HttpRequest,
  tenant: Tenant,
): Promise<HttpResponse> {
  const parameters = new URLSearchParams(
    request.method === 'POST' ? new TextDecoder().decode(request.body) : request.url.search,
  );
  const act = actOfCall({ tenant, request }, { now: now(), newId });
  const { sessionSecret } = browserOf(request, tenant.id);
  const ended = await storage.write((stores) => signOut(stores, act, sessionSecret));
  const headers = { 'set-cookie': noSessionCookie(request.url, tenant.id) };

  const address = parameters.get('post_logout_redirect_uri');
  const used = await usedClients(storage.read, tenant.id, ended);
  const appIds = [parameters.get('client_id'), audienceOf(parameters.get('id_token_hint'))].filter((id) => id !== null);
  const named = await Promise.all(appIds.map((appId) => findClient(storage.read, tenant.id, appId)));
  const clients = [...named, ...used.map(({ client }) => client)];
  const isRegistered = clients.some((client) => client && isGoodbye(client, address ?? ''));
  const continueTo = address !== null && isRegistered ? withState(address, parameters.get('state')) : undefined;

  const frames = used.flatMap((each) => frontChannelAddress(each, ended?.session.id ?? ''));
  if (continueTo !== undefined && frames.length === 0)
    return { status: 303, headers: { ...headers, location: continueTo } };
  const frame = await frameOf(storage.read.branding, tenant, parameters.get('ui_locales')?.split(' '));
  const answer = signedOutAnswer(request, frame, frames, continueTo);
  return { ...answer, headers: { ...answer.headers, ...headers } };
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

interface UsedClient {
  client: Client;
  issuer: string | null;
}

/** The applications that used the session, each once. */
async function usedClients(
  stores: OAuthStores,
  tenantId: string,
  ended: EndedSession | undefined,
): Promise<UsedClient[]> {
  const issuers = new Map((ended?.applications ?? []).map(({ applicationId, issuer }) => [applicationId, issuer]));
  const found = await Promise.all(
    [...issuers].map(async ([id, issuer]) => {
      const object = await stores.objects.find(tenantId, id);
      const appId = object?.attributes['appId'];
      const client = typeof appId === 'string' ? await findClient(stores, tenantId, appId) : undefined;
      return client && { client, issuer };
    }),
  );
  return found.filter((each) => each !== undefined);
}

/** The address by which a browser ends the session with the application (OpenID Connect Front-Channel Logout 1.0 2). */
function frontChannelAddress({ client, issuer }: UsedClient, sessionId: string): string[] {
  const address = URL.parse(client.application?.attributes.web?.logoutUrl ?? '');
  if (!address || issuer === null) return [];
  address.searchParams.append('iss', issuer);
  address.searchParams.append('sid', sessionId);
  return [address.href];
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
