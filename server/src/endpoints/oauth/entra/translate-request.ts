import {
  delegatedPermissions,
  findApplication,
  findResource,
  findServicePrincipal,
  microsoftGraphAppId,
  permissionsOf,
  type ServicePrincipal,
} from '../../../applications/index.ts';
import type { HttpRequest } from '../../http.ts';
import type { OAuthCall, TurnedTo } from '../call.ts';
import { OAuthError } from '../error.ts';
import { type IssuerForm, tenantForm } from '../issuer-form.ts';
import { parametersOf, withParameters } from '../parameters.ts';
import { resourceUrn } from '../resources.ts';
import type { OAuthOptions, OAuthStores } from '../stores.ts';
import { isFirstVersion } from './forms.ts';
import { isMarked } from './parameters.ts';
import { everything, type QualifiedScope, qualifyBare, type ReadScopes, readScopes } from './scopes.ts';
import type { Words } from './words.ts';

/** What has to be remembered of a request so that its answer comes in the words in which it was asked. */
export interface Translation {
  request: HttpRequest;
  words: Words;
  /** The scopes as they were spelled, by the short names that the provider knows. */
  spelled: ReadonlyMap<string, string>;
  /** The resource as the request named it; undefined when it named none. */
  resource: string | undefined;
  turnedTo: TurnedTo | undefined;
}

const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/**
 * Turns a request in the words of Microsoft's clients into one of the standards: a resource (RFC 8707) and its scopes in
 * place of scopes with the resource's name before them. Undefined when nothing in the request is in their words.
 */
export async function translateRequest(
  options: OAuthOptions,
  call: OAuthCall,
  form: IssuerForm,
): Promise<Translation | undefined> {
  const parameters = parametersOf(call.request);
  const scopes = readScopes(parameters.get('scope') ?? '');
  const version = isFirstVersion(form) ? 1 : 2;
  if (form === tenantForm && !isMarked(call.request, parameters) && scopes.qualified.length === 0) return undefined;

  const words = { version, wantsClientInfo: parameters.get('client_info') === '1' } as const;
  dropForeignClaims(parameters);
  renameGrant(parameters);
  const isForSomebody = parameters.get('grant_type') !== 'client_credentials';
  const plain = version === 1 && isForSomebody ? firstVersionScopes : scopes.plain;
  const asked = askedScopes(scopes, parameters, version);
  const [first] = asked;
  const found = first && (await resourceScopes(options, call, parameters, first, asked));
  if (found) {
    call.askedNames.set(found.resource.id, first.resource);
    call.resources.set(resourceUrn(found.resource), found.resource);
    parameters.set('resource', resourceUrn(found.resource));
  } else if (version === 1) parameters.delete('resource');
  parameters.set('scope', [...plain, ...(found?.names ?? [])].join(' '));

  const grant = parameters.get('grant_type') ?? '';
  // A client's own permissions are roles; a device code or refresh token knows what it is good for.
  if (withoutScope.has(grant)) parameters.delete('scope');
  const isAll = asked.some(({ name }) => name === everything);
  const turnedTo =
    grant === 'refresh_token' && found
      ? { resource: found.resource, scopes: isAll ? undefined : found.names }
      : undefined;
  return {
    request: withParameters(call.request, parameters),
    words,
    spelled: new Map(asked.map(({ name, text }) => [name, text])),
    resource: first?.resource,
    turnedTo,
  };
}

const withoutScope = new Set(['refresh_token', 'client_credentials', deviceCodeGrant]);

/** Interop: clients of the first version get an ID token and a refresh token without asking. */
const firstVersionScopes = ['openid', 'profile', 'offline_access'];

/** Interop: the Azure CLI and MSAL ask for claims of access tokens that only Microsoft has. */
function dropForeignClaims(parameters: URLSearchParams): void {
  const { id_token, userinfo } = objectOf(parameters.get('claims')) as Record<string, unknown>;
  parameters.delete('claims');
  const kept = { ...(isObject(id_token) && { id_token }), ...(isObject(userinfo) && { userinfo }) };
  if (Object.keys(kept).length > 0) parameters.set('claims', JSON.stringify(kept));
}

function objectOf(text: string | null): object {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Interop: MSAL for Node and ADAL say device_code; ADAL calls the device code itself `code`. */
function renameGrant(parameters: URLSearchParams): void {
  if (parameters.get('grant_type') !== 'device_code') return;
  parameters.set('grant_type', deviceCodeGrant);
  const code = parameters.get('code');
  if (code !== null && !parameters.has('device_code')) parameters.set('device_code', code);
  parameters.delete('code');
}

/** The scopes of the first resource that is named. A token is for one. */
function askedScopes(
  { qualified, bare }: ReadScopes,
  parameters: URLSearchParams,
  version: Words['version'],
): QualifiedScope[] {
  const resource = parameters.get('resource');
  if (version === 1 && resource) return [{ text: resource, resource, name: everything }];
  const all = [...qualified, ...bare.map((text) => qualifyBare(text, parameters.get('client_id') ?? ''))];
  return all.filter((scope) => scope.resource === all[0]?.resource);
}

async function resourceScopes(
  options: OAuthOptions,
  { tenant }: OAuthCall,
  parameters: URLSearchParams,
  { resource: name }: QualifiedScope,
  asked: readonly QualifiedScope[],
): Promise<{ resource: ServicePrincipal; names: string[] }> {
  const resource = await getResource(options, tenant.id, name);
  // A client that acts for itself has roles, and no scopes.
  if (parameters.get('grant_type') === 'client_credentials') return { resource, names: [] };
  const isAll = asked.some((scope) => scope.name === everything);
  const names = isAll
    ? await defaultScopes(options.storage.read, tenant.id, parameters.get('client_id') ?? '', resource)
    : asked.map((scope) => scope.name);
  return { resource, names };
}

async function getResource(
  { storage, publicUrl }: OAuthOptions,
  tenantId: string,
  name: string,
): Promise<ServicePrincipal> {
  const bare = name.replace(/\/$/, '');
  // Interop: the Azure CLI and the SDKs of Microsoft Graph ask for the address of the API, which is the hub's here.
  const names = bare === publicUrl.origin ? [microsoftGraphAppId] : [name, name === bare ? `${bare}/` : bare];
  for (const spelling of names) {
    const found = await findResource(storage.read, tenantId, spelling);
    if (found) return found;
  }
  throw new OAuthError(400, 'invalid_resource', `The resource ${name} was not found in the tenant.`);
}

/** What `.default` means: what an administrator consented to, and what the application is registered to need. */
async function defaultScopes(
  stores: OAuthStores,
  tenantId: string,
  appId: string,
  resource: ServicePrincipal,
): Promise<string[]> {
  const client = await findServicePrincipal(stores, tenantId, appId);
  const application = await findApplication(stores, tenantId, appId);
  const parties = { clientId: client?.id ?? '', resourceId: resource.id, principalId: null };
  const consented = delegatedPermissions(resource, await stores.permissionGrants.list(tenantId, parties, 1), '');
  const needed = (application?.attributes.requiredResourceAccess ?? [])
    .filter(({ resourceAppId }) => resourceAppId === resource.attributes.appId)
    .flatMap(({ resourceAccess = [] }) => resourceAccess.map(({ id }) => id));
  const registered = permissionsOf(resource)
    .oauth2PermissionScopes.filter(({ id, isEnabled }) => isEnabled && needed.includes(id))
    .map(({ value }) => value);
  return [...new Set([...consented, ...registered])];
}
