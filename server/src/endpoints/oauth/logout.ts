import { findClient, findReplyAddress, getServicePrincipal } from '../../applications/index.ts';
import type { Tenant } from '../../directory/index.ts';
import { signOut } from '../../sign-in/index.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { browserOf, formAnswer, noSessionCookie } from '../sign-in/index.ts';
import { actOfCall } from './act-of-call.ts';
import type { OAuthOptions, OAuthStores } from './stores.ts';

/**
 * Ends the browser's session with the tenant (OpenID Connect RP-Initiated Logout 1.0). The browser goes to the address
 * that was asked for only if it is registered: for the client that the request names, or for an application that used
 * the session.
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
  const appIds = [parameters.get('client_id'), audienceOf(parameters.get('id_token_hint'))].filter((id) => id !== null);
  const used = await Promise.all(
    (ended?.applications ?? []).map(async ({ applicationId }) => appIdOf(storage.read, tenant.id, applicationId)),
  );
  if (address !== null && (await isRegistered(storage.read, tenant.id, [...appIds, ...used], address))) {
    const url = new URL(address);
    const state = parameters.get('state');
    if (state !== null) url.searchParams.append('state', state);
    return { status: 303, headers: { ...headers, location: url.href } };
  }
  const answer = formAnswer(
    request,
    { uiLocales: parameters.get('ui_locales')?.split(' ') ?? [], name: tenant.displayName },
    { title: { key: 'oauth.signed_out' }, lead: { key: 'oauth.signed_out_lead' }, blocks: [] },
  );
  return { ...answer, headers: { ...answer.headers, ...headers } };
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

async function appIdOf(stores: OAuthStores, tenantId: string, servicePrincipalId: string): Promise<string> {
  return (await getServicePrincipal(stores, tenantId, servicePrincipalId)).attributes.appId;
}

async function isRegistered(
  stores: OAuthStores,
  tenantId: string,
  appIds: readonly string[],
  address: string,
): Promise<boolean> {
  const clients = await Promise.all(appIds.map((appId) => findClient(stores, tenantId, appId)));
  return clients.some((client) => client && findReplyAddress(client.replyAddresses, address));
}
