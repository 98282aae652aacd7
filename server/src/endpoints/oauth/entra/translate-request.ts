import {
  delegatedPermissions,
  findResource,
  microsoftGraphAppId,
  type ServicePrincipal,
} from '../../../applications/index.ts';
import type { HttpRequest } from '../../http.ts';
import type { OAuthCall } from '../call.ts';
import { OAuthError } from '../error.ts';
import { resourceUrn } from '../resources.ts';
import type { OAuthOptions, OAuthStores } from '../stores.ts';
import { type QualifiedScope, readScopes } from './scopes.ts';

/** What has to be remembered of a request so that its answer comes in the words in which it was asked. */
export interface Translation {
  request: HttpRequest;
  /** The scopes as they were spelled, by the short names that the provider knows. */
  spelled: ReadonlyMap<string, string>;
  wantsClientInfo: boolean;
}

/**
 * Turns a request in the words of Microsoft's clients into one of the standards: a resource (RFC 8707) and its scopes in
 * place of scopes with the resource's name before them. Undefined when nothing in the request is in their words.
 */
export async function translateRequest(options: OAuthOptions, call: OAuthCall): Promise<Translation | undefined> {
  const stores = options.storage.read;
  const parameters = parametersOf(call.request);
  const { plain, qualified } = readScopes(parameters.get('scope') ?? '');
  const wantsClientInfo = parameters.get('client_info') === '1';
  const hasMarks = qualified.length > 0 || wantsClientInfo || call.flow.name !== '';
  if (!hasMarks) return undefined;

  const spelled = new Map<string, string>();
  const [first] = qualified;
  if (first) {
    const resource = await getResource(options, call.tenant.id, first);
    const ofFirst = qualified.filter((scope) => scope.resource === first.resource);
    const names = await namesOf(stores, call, parameters, resource, ofFirst);
    for (const { name, text } of ofFirst) spelled.set(name, text);
    call.askedNames.set(resource.id, first.resource);
    parameters.set('resource', resourceUrn(resource));
    parameters.set('scope', [...plain, ...names].join(' '));
  }
  // Interop: MSAL refreshes with the scopes of one of several resources; the refresh token knows what it is good for.
  if (parameters.get('grant_type') === 'refresh_token' || parameters.get('grant_type') === 'client_credentials') {
    parameters.delete('scope');
  }
  return { request: withParameters(call.request, parameters), spelled, wantsClientInfo };
}

async function getResource(
  { storage, publicUrl }: OAuthOptions,
  tenantId: string,
  { resource }: QualifiedScope,
): Promise<ServicePrincipal> {
  const bare = resource.replace(/\/$/, '');
  // Interop: the Azure CLI and the SDKs of Microsoft Graph ask for the address of the API, which is the hub's here.
  const names = bare === publicUrl.origin ? [microsoftGraphAppId] : [resource, resource === bare ? `${bare}/` : bare];
  for (const name of names) {
    const found = await findResource(storage.read, tenantId, name);
    if (found) return found;
  }
  throw new OAuthError(400, 'invalid_scope', `The resource ${resource} was not found in the tenant.`);
}

/** The short names; for `.default` everything that an administrator consented to. */
async function namesOf(
  stores: OAuthStores,
  call: OAuthCall,
  parameters: URLSearchParams,
  resource: ServicePrincipal,
  scopes: readonly QualifiedScope[],
): Promise<string[]> {
  if (!scopes.some(({ name }) => name === '.default')) return scopes.map(({ name }) => name);
  const client = await stores.objects.findByName(
    call.tenant.id,
    'servicePrincipal.appId',
    parameters.get('client_id') ?? '',
  );
  const parties = { clientId: client?.id ?? '', resourceId: resource.id, principalId: null };
  return delegatedPermissions(resource, await stores.permissionGrants.list(call.tenant.id, parties, 1), '');
}

function parametersOf({ method, url, body }: HttpRequest): URLSearchParams {
  return new URLSearchParams(method === 'POST' ? new TextDecoder().decode(body) : url.search);
}

function withParameters(request: HttpRequest, parameters: URLSearchParams): HttpRequest {
  if (request.method === 'POST') return { ...request, body: new TextEncoder().encode(parameters.toString()) };
  const url = new URL(request.url);
  url.search = parameters.toString();
  return { ...request, url };
}
