import { z } from 'zod';
import {
  type Application,
  type OAuthClientSettings,
  type ReplyAddressKind,
  replyAddressesOf,
  replyAddressProblem,
} from '../../../applications/index.ts';
import type { AttributeChange } from '../../../directory/index.ts';
import { grantTypesOf, responseTypesOf } from '../clients.ts';
import { OAuthError } from '../error.ts';

const uri = z.string().max(256);
const uris = z.array(uri).max(20);

const part = z.string().optional();

/** A public key for signatures; private parts are refused, so that nobody leaves a private key by mistake. */
const key = z
  .object({ kty: z.string(), kid: part, alg: part, use: part, n: part, e: part, crv: part, x: part, y: part })
  .and(z.object({ d: z.undefined().optional(), k: z.undefined().optional() }));
/** Keys for encryption, which clients list beside them, are left out. */
const keySet = z
  .object({ keys: z.array(key).max(20) })
  .transform(({ keys }) => ({ keys: keys.filter(({ use }) => use !== 'enc').map((each) => present(each)) }));

/**
 * What a client may say of itself (RFC 7591 2, OpenID Connect Dynamic Client Registration 1.0 2). Other members are
 * ignored, as RFC 7591 2 demands of what is not understood.
 */
const clientMetadata = z.object({
  client_name: z.string().min(1).max(256).default('Registered client'),
  application_type: z.enum(['web', 'native']).default('web'),
  redirect_uris: z.array(uri).max(100).default([]),
  post_logout_redirect_uris: uris.optional(),
  token_endpoint_auth_method: z
    .enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'])
    .default('client_secret_basic'),
  grant_types: z.array(z.string()).default(['authorization_code']),
  response_types: z.array(z.string()).default(['code']),
  client_uri: uri.optional(),
  logo_uri: uri.optional(),
  policy_uri: uri.optional(),
  tos_uri: uri.optional(),
  jwks: keySet.optional(),
  jwks_uri: uri.optional(),
  subject_type: z.string().optional(),
  sector_identifier_uri: uri.optional(),
  id_token_signed_response_alg: z.string().optional(),
  userinfo_signed_response_alg: z.string().optional(),
  authorization_signed_response_alg: z.string().optional(),
  request_object_signing_alg: z.string().optional(),
  request_uris: uris.optional(),
  require_pushed_authorization_requests: z.boolean().optional(),
  require_signed_request_object: z.boolean().optional(),
  dpop_bound_access_tokens: z.boolean().optional(),
  backchannel_logout_uri: uri.optional(),
  frontchannel_logout_uri: uri.optional(),
  initiate_login_uri: uri.optional(),
});

export type ClientMetadata = z.infer<typeof clientMetadata>;

const possibleGrants = [
  'authorization_code',
  'implicit',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
];
const possibleResponses = ['code', 'code id_token', 'id_token'];

/** Members whose names differ between the standard and `oauthClient`, which has the same words in Graph's spelling. */
const settingOf = {
  jwks: 'jwks',
  jwks_uri: 'jwksUri',
  subject_type: 'subjectType',
  sector_identifier_uri: 'sectorIdentifierUri',
  id_token_signed_response_alg: 'idTokenSignedResponseAlg',
  userinfo_signed_response_alg: 'userinfoSignedResponseAlg',
  authorization_signed_response_alg: 'authorizationSignedResponseAlg',
  request_object_signing_alg: 'requestObjectSigningAlg',
  request_uris: 'requestUris',
  require_pushed_authorization_requests: 'requirePushedAuthorizationRequests',
  require_signed_request_object: 'requireSignedRequestObject',
  dpop_bound_access_tokens: 'dpopBoundAccessTokens',
  backchannel_logout_uri: 'backchannelLogoutUri',
  initiate_login_uri: 'initiateLoginUri',
  post_logout_redirect_uris: 'postLogoutRedirectUris',
  token_endpoint_auth_method: 'tokenEndpointAuthMethod',
} as const satisfies Partial<Record<keyof ClientMetadata, keyof OAuthClientSettings>>;

/**
 * Reads the metadata of a request.
 * @throws OAuthError `invalid_client_metadata`, `invalid_redirect_uri` (RFC 7591 3.2.2)
 */
export function readClientMetadata(body: unknown): ClientMetadata {
  const read = clientMetadata.safeParse(body);
  if (!read.success) {
    const [issue] = read.error.issues;
    const place = issue?.path.join('.') || 'the metadata';
    const code = place.startsWith('redirect_uris') ? 'invalid_redirect_uri' : 'invalid_client_metadata';
    throw new OAuthError(400, code, `${place}: ${issue?.message}`);
  }
  checkTogether(read.data);
  return read.data;
}

function checkTogether(metadata: ClientMetadata): void {
  const refuse = (reason: string) => new OAuthError(400, 'invalid_client_metadata', reason);
  const { grant_types: grants, response_types: responses, jwks, jwks_uri: keysAt, redirect_uris: addresses } = metadata;
  for (const grant of grants) if (!possibleGrants.includes(grant)) throw refuse(`The grant ${grant} is not supported.`);
  for (const response of responses) {
    if (!possibleResponses.includes(response)) throw refuse(`The response type ${response} is not supported.`);
  }
  const isInBrowser = grants.includes('authorization_code') || grants.includes('implicit');
  // RFC 7591 2: clients that use flows with redirection MUST register their redirection URI values.
  if (isInBrowser && addresses.length === 0) throw new OAuthError(400, 'invalid_redirect_uri', 'There is none.');
  if (jwks && keysAt !== undefined) throw refuse('jwks and jwks_uri must not be there both.');
  if (metadata.token_endpoint_auth_method === 'private_key_jwt' && !jwks && keysAt === undefined) {
    throw refuse('private_key_jwt needs jwks or jwks_uri.');
  }
  const problemOf = replyAddressProblem(platformOf(metadata));
  for (const address of addresses) {
    const problem = problemOf(address);
    if (problem !== undefined) throw new OAuthError(400, 'invalid_redirect_uri', `redirect_uris ${problem}.`);
  }
}

/** What runs at the addresses: a program, a script in a browser, or a server that keeps a secret. */
function platformOf({ application_type: type, token_endpoint_auth_method: method }: ClientMetadata): ReplyAddressKind {
  if (type === 'native') return 'publicClient';
  return method === 'none' ? 'spa' : 'web';
}

/** The settings of the client that the metadata describe. What they leave out is null. */
export function settingsOf(metadata: ClientMetadata): OAuthClientSettings {
  return Object.fromEntries(
    Object.entries(settingOf).map(([member, setting]) => [setting, metadata[member as keyof typeof settingOf] ?? null]),
  );
}

/** The application that the metadata describe. What they leave out is taken away where it was (RFC 7592 2.2). */
export function applicationOf(metadata: ClientMetadata): AttributeChange {
  const platform = platformOf(metadata);
  const of = (kind: ReplyAddressKind) => ({ redirectUris: platform === kind ? metadata.redirect_uris : [] });
  return {
    displayName: metadata.client_name,
    web: {
      ...of('web'),
      homePageUrl: metadata.client_uri ?? null,
      logoutUrl: metadata.frontchannel_logout_uri ?? null,
      implicitGrantSettings: { enableIdTokenIssuance: metadata.response_types.includes('id_token') },
    },
    spa: of('spa'),
    publicClient: of('publicClient'),
    isFallbackPublicClient:
      metadata.token_endpoint_auth_method === 'none' &&
      metadata.grant_types.some((grant) => grant.endsWith('device_code')),
    info: {
      logoUrl: metadata.logo_uri ?? null,
      privacyStatementUrl: metadata.policy_uri ?? null,
      termsOfServiceUrl: metadata.tos_uri ?? null,
    },
    oauthClient: settingsOf(metadata),
  };
}

/** What is registered of a client, as answers show it (RFC 7591 3.2.1). */
export function metadataOfApplication({ attributes, createdAt }: Application): Record<string, unknown> {
  const { oauthClient = {}, web, info = {} } = attributes;
  const settings = Object.entries(settingOf).map(([member, setting]) => [member, oauthClient[setting]] as const);
  const { tokenEndpointAuthMethod: method = 'client_secret_basic' } = oauthClient;
  return present({
    client_id: attributes.appId,
    client_id_issued_at: Math.floor(createdAt.getTime() / 1000),
    client_name: attributes.displayName,
    application_type: (attributes.publicClient?.redirectUris ?? []).length > 0 ? 'native' : 'web',
    redirect_uris: replyAddressesOf(attributes),
    grant_types: grantTypesOf(
      { isFallbackPublicClient: attributes.isFallbackPublicClient ?? false, oauthClient },
      method,
    ),
    response_types: responseTypesOf(attributes),
    client_uri: web?.homePageUrl,
    frontchannel_logout_uri: web?.logoutUrl,
    logo_uri: info['logoUrl'],
    policy_uri: info['privacyStatementUrl'],
    tos_uri: info['termsOfServiceUrl'],
    ...Object.fromEntries(settings),
    token_endpoint_auth_method: method,
  });
}

function present<Value>(members: Readonly<Record<string, Value>>): Record<string, Exclude<Value, undefined>> {
  return Object.fromEntries(
    Object.entries(members).filter((pair): pair is [string, Exclude<Value, undefined>] => pair[1] !== undefined),
  );
}
