import { type Client, findClient } from '../../applications/index.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import type { OAuthCall } from './call.ts';
import { authenticationMethod, grantTypesOf, isSecretOf } from './clients.ts';
import { parametersOf } from './parameters.ts';
import type { OAuthOptions } from './stores.ts';

/** A request for tokens that a form says completely, of a client that has proven itself by the secret in it or needs none. */
export interface PlainRequest {
  call: OAuthCall;
  /** Under which the tokens are issued. */
  issuer: string;
  client: Client;
  parameters: URLSearchParams;
}

/**
 * Takes a request for tokens as a plain one; undefined when it is none, or when its client may not ask or has not proven
 * itself. The provider weighs that, and says why.
 */
export async function readPlainRequest(
  options: OAuthOptions,
  call: OAuthCall,
  issuer: string,
): Promise<PlainRequest | undefined> {
  const parameters = readForm(call.request);
  const clientId = parameters?.get('client_id');
  if (!parameters || !clientId) return undefined;
  const client = await findClient(options.storage.read, call.tenant.id, clientId);
  if (!client?.servicePrincipal.attributes.accountEnabled) return undefined;
  call.client = client.servicePrincipal;
  const method = authenticationMethod(client, { parameters: Object.fromEntries(parameters), isInHeader: false });
  const mayAsk = grantTypesOf(client, method).includes(parameters.get('grant_type') ?? '');
  if (!mayAsk || client.oauthClient.dpopBoundAccessTokens === true) return undefined;
  const secret = parameters.get('client_secret');
  const isProven =
    method === 'none'
      ? secret === null
      : secretMethods.has(method) &&
        (await isSecretOf(options, call, { clientId, credentialOwnerIds: client.credentialOwnerIds }, secret ?? ''));
  return isProven ? { call, issuer, client, parameters } : undefined;
}

const secretMethods: ReadonlySet<string> = new Set(['client_secret_basic', 'client_secret_post']);

/** Headers with which a request says more than its form does. */
const telling = ['authorization', 'dpop', 'origin', 'oauth-client-attestation', 'oauth-client-attestation-pop'];
/** Parameters that have to be weighed, or that prove a client in another way. */
const weighed = ['scope', 'client_assertion', 'client_assertion_type', 'authorization_details'];

function readForm(request: HttpRequest): URLSearchParams | undefined {
  const { method, headers } = request;
  const isForm = method === 'POST' && headers['content-type'] === 'application/x-www-form-urlencoded';
  if (!isForm || telling.some((name) => headers[name] !== undefined)) return undefined;
  const parameters = parametersOf(request);
  // RFC 6749 3.2: parameters MUST NOT be included more than once.
  const isPlain = new Set(parameters.keys()).size === parameters.size && !weighed.some((name) => parameters.has(name));
  return isPlain ? parameters : undefined;
}

/** RFC 8707 2: an absolute URI without fragment. */
export function isResourceName(name: string): boolean {
  return URL.canParse(name) && !name.includes('#');
}

/** A successful answer (RFC 6749 5.1). Members that are undefined are left out. */
export function tokenAnswer(members: Readonly<Record<string, unknown>>): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(members),
  };
}
