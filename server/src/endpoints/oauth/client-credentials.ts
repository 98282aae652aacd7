import { type Client, findClient } from '../../applications/index.ts';
import { signJwt } from '../../issuance/index.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { mayUse } from './assignment.ts';
import type { OAuthCall } from './call.ts';
import { grantTypesOf, isSecretOf } from './clients.ts';
import { parametersOf } from './parameters.ts';
import { findEnabledResource, heldRoles } from './resources.ts';
import type { OAuthOptions } from './stores.ts';

/**
 * Answers what programs ask most: a client that proves itself by a secret in the form wants a token for itself at one
 * resource (RFC 6749 4.4). The provider would take twice as long. What decides is what decides for the provider, and only
 * a yes is said here: whatever is unusual or has to be refused is undefined, and the provider answers it.
 *
 * @param issuer  under which the token is issued
 */
export async function issueClientCredentials(
  options: OAuthOptions,
  call: OAuthCall,
  issuer: string,
): Promise<HttpResponse | undefined> {
  const { storage, keys, now, newId } = options;
  const { tenant, flow, request } = call;
  const asked = readForm(request);
  if (!asked) return undefined;
  const client = await findClient(storage.read, tenant.id, asked.clientId);
  if (!client || !takesSecret(client)) return undefined;
  const { servicePrincipal, credentialOwnerIds } = client;
  call.client = servicePrincipal;
  const owner = { clientId: asked.clientId, credentialOwnerIds };
  if (!(await isSecretOf(options, call, owner, asked.clientSecret))) return undefined;
  const resource = await findEnabledResource(storage.read, call, asked.resource);
  if (!resource || !(await mayUse(storage.read, tenant.id, servicePrincipal.id, resource))) return undefined;

  const { appId } = servicePrincipal.attributes;
  const { accessTokenSeconds } = flow.tokens;
  const iat = Math.floor(now().getTime() / 1000);
  // RFC 9068 2.2; the subject of a client that acts for itself is the client.
  const claims = {
    jti: newId(),
    sub: appId,
    iat,
    exp: iat + accessTokenSeconds,
    client_id: appId,
    iss: issuer,
    aud: call.claims.audience(call, resource, asked.resource),
  };
  const token = call.claims.accessToken(claims, {
    call,
    client: { appId, servicePrincipalId: servicePrincipal.id },
    user: undefined,
    resource,
    scopes: [],
    roles: await heldRoles(storage.read, tenant.id, servicePrincipal.id, resource),
  });
  const signer = await keys.signer(tenant.id, 'RS256');
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify({
      access_token: await signJwt(signer, 'at+jwt', token),
      expires_in: accessTokenSeconds,
      token_type: 'Bearer',
    }),
  };
}

interface Asked {
  clientId: string;
  clientSecret: string;
  resource: string;
}

/** Headers with which a request says more than its form does. */
const telling = ['authorization', 'dpop', 'origin', 'oauth-client-attestation', 'oauth-client-attestation-pop'];
/** Parameters that have to be weighed, or that prove a client in another way. */
const weighed = ['scope', 'client_assertion', 'client_assertion_type', 'authorization_details'];

/** The request, if it is as plain as that. */
function readForm(request: HttpRequest): Asked | undefined {
  const { method, headers } = request;
  const isForm = method === 'POST' && headers['content-type'] === 'application/x-www-form-urlencoded';
  if (!isForm || telling.some((name) => headers[name] !== undefined)) return undefined;
  const parameters = parametersOf(request);
  if (parameters.get('grant_type') !== 'client_credentials') return undefined;
  // RFC 6749 3.2: parameters MUST NOT be included more than once.
  if (new Set(parameters.keys()).size !== parameters.size) return undefined;
  if (weighed.some((name) => parameters.has(name))) return undefined;
  const [clientId, clientSecret, resource] = ['client_id', 'client_secret', 'resource'].map((name) =>
    parameters.get(name),
  );
  if (!clientId || !clientSecret || !resource) return undefined;
  // RFC 8707 2: an absolute URI without fragment.
  return URL.canParse(resource) && !resource.includes('#') ? { clientId, clientSecret, resource } : undefined;
}

/** Whether a token may be asked for with just a secret. */
function takesSecret(client: Client): boolean {
  const { tokenEndpointAuthMethod: method = 'client_secret_post', dpopBoundAccessTokens } = client.oauthClient;
  return (
    client.servicePrincipal.attributes.accountEnabled &&
    ['client_secret_basic', 'client_secret_post'].includes(method) &&
    grantTypesOf(client, method).includes('client_credentials') &&
    dpopBoundAccessTokens !== true
  );
}
