import { type Client, replyAddressesOf } from '../../applications/index.ts';
import type { Tenant } from '../../directory/index.ts';
import { findSession } from '../../sign-in/index.ts';
import { signInNameOf } from '../../user-flows/index.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { browserOf } from '../sign-in/index.ts';
import { assignmentsTo } from './assignment.ts';
import { OAuthError } from './error.ts';
import { findClientById } from './sign-out.ts';
import type { OAuthOptions } from './stores.ts';

/** Path below which people open applications, each by the id of its service principal. */
export const startPath = '/oauth2/v2.0/start/:application';

/**
 * Opens an application for somebody who begins at the hub (OIDC Core 4): the browser goes to where the application begins
 * sign-ins, and the application then asks the issuer as it always does. Nothing is proven here.
 *
 * @throws OAuthError where the application does not take people so, or not to the page that is asked for
 */
export async function startLogin(
  options: Pick<OAuthOptions, 'storage' | 'now'>,
  request: HttpRequest,
  tenant: Tenant,
  issuer: string,
): Promise<HttpResponse> {
  const id = request.parameters['application'] ?? '';
  const client = await findClientById(options.storage.read, tenant.id, id);
  const address = URL.parse(client?.oauthClient.initiateLoginUri ?? '');
  if (!client?.servicePrincipal.attributes.accountEnabled || !address) {
    throw new OAuthError(404, 'invalid_request', `No application "${id}" lets sign-ins begin here.`);
  }
  const target = request.url.searchParams.get('target_link_uri');
  if (target !== null && !isOwnPage(client, address, target)) {
    throw new OAuthError(400, 'invalid_request', 'The target_link_uri is no page of the application.');
  }
  const parameters = {
    iss: issuer,
    target_link_uri: target,
    login_hint: await knownName(options, request, tenant, client),
  };
  for (const [name, value] of Object.entries(parameters)) if (value) address.searchParams.set(name, value);
  return { status: 303, headers: { location: address.href, 'cache-control': 'no-store' } };
}

/** Applications have to check it, too; a page of somebody else would make the hub part of an open redirector. */
function isOwnPage({ application, replyAddresses }: Client, login: URL, target: string): boolean {
  const own = [login.href, application?.attributes.web?.homePageUrl ?? '', ...replyAddressesOf(replyAddresses)];
  const page = URL.parse(target);
  const isPage = page?.protocol === 'https:' || page?.protocol === 'http:';
  return isPage && own.some((address) => URL.parse(address)?.origin === page.origin);
}

/**
 * The name of whoever is signed in, for an application that knows them: it is assigned to them, or they signed in there. Anybody
 * may lead people here. Not for applications that shall not know people by what others know them by.
 */
async function knownName(
  { storage, now }: Pick<OAuthOptions, 'storage' | 'now'>,
  request: HttpRequest,
  { id }: Tenant,
  { oauthClient, servicePrincipal }: Client,
): Promise<string | undefined> {
  if (oauthClient.subjectType === 'pairwise') return undefined;
  const session = await findSession(storage.read, id, browserOf(request, id).sessionSecret, now());
  if (!session) return undefined;
  const { read } = storage;
  const isUsed = (await read.sessions.listApplications(id, session.id)).some(
    ({ applicationId }) => applicationId === servicePrincipal.id,
  );
  const isKnown = isUsed || (await assignmentsTo(read, id, session.userId, servicePrincipal)).length > 0;
  const user = isKnown ? await read.objects.find(id, session.userId) : undefined;
  return user && signInNameOf(user);
}
