import { X509Certificate } from 'node:crypto';
import {
  type AdapterPayload,
  type ClientAuthMethod,
  errors,
  type JWK,
  type KoaContextWithOIDC,
  Provider,
} from 'oidc-provider';
import {
  type Client as Application,
  findClient,
  findClientSecret,
  findReplyAddress,
  findSigningSecret,
  isSignedBySecret,
  type KeyCredential,
  type OAuthClientSettings,
  type Application as RegisteredApplication,
  replyAddressesOf,
} from '../../applications/index.ts';
import { callOf, type OAuthCall } from './call.ts';
import { onBehalfOf } from './grants/on-behalf-of.ts';
import { passwordGrant } from './grants/password.ts';
import { saml11Bearer, saml20Bearer } from './grants/saml-bearer.ts';
import { tokenExchange } from './grants/token-exchange.ts';
import type { OAuthOptions, OAuthStores } from './stores.ts';

/** What we add to the metadata of clients (RFC 7591 2) for ourselves. */
export const ownMetadata = ['servicePrincipalId', 'credentialOwnerIds', 'replyAddresses', 'requireDpopNonces'] as const;

type ReplyAddresses = Application['replyAddresses'];

/**
 * A client as the provider knows it, from the registered application. Undefined when the tenant has none of this id, or
 * has disabled it. How it authenticates depends on the request, since an application may have secrets and certificates
 * and be a public client at the same time.
 *
 * @throws UnauthorizedClient when it wants ID tokens that are signed by a secret, and has none
 */
export async function findClientMetadata(
  { storage, now }: OAuthOptions,
  tenantId: string,
  clientId: string,
  ctx: KoaContextWithOIDC | undefined,
): Promise<AdapterPayload | undefined> {
  const client = await findClient(storage.read, tenantId, clientId);
  if (!client?.servicePrincipal.attributes.accountEnabled) return undefined;
  const { servicePrincipal, application, replyAddresses, oauthClient } = client;
  if (ctx) callOf(ctx).client ??= servicePrincipal;
  const { appId, displayName, keyCredentials = [] } = servicePrincipal.attributes;
  const method = authenticationMethod(client, {
    parameters: ctx?.oidc.params ?? {},
    isInHeader: ctx?.headers.authorization !== undefined,
  });
  const certificates = [...keyCredentials, ...(application?.attributes.keyCredentials ?? [])];
  const addresses = replyAddressesOf(replyAddresses);
  return {
    client_id: appId,
    client_name: displayName,
    token_endpoint_auth_method: method,
    ...(oauthClient.jwksUri === undefined
      ? { jwks: { keys: [...certificates.flatMap((key) => keysOf(key, now())), ...(oauthClient.jwks?.keys ?? [])] } }
      : { jwks_uri: oauthClient.jwksUri }),
    ...metadataOf(oauthClient),
    ...(await signingSecretOf(storage.read, tenantId, client, now())),
    redirect_uris: addresses,
    post_logout_redirect_uris: addresses,
    response_types: responseTypesOf({ ...application?.attributes, ...replyAddresses }),
    grant_types: grantTypesOf(client, method),
    servicePrincipalId: servicePrincipal.id,
    credentialOwnerIds: client.credentialOwnerIds,
    replyAddresses,
    requireDpopNonces: oauthClient.requireDpopNonces === true,
  };
}

/** OIDC Core 10.1: the secret signs ID tokens. It proves no client: `isSecretOf` does, by the digests. */
async function signingSecretOf(stores: OAuthStores, tenantId: string, client: Application, now: Date) {
  if (!isSignedBySecret({ oauthClient: client.oauthClient })) return {};
  const secret = await findSigningSecret(stores, tenantId, client, now);
  if (secret !== undefined) return { client_secret: secret };
  throw new errors.UnauthorizedClient(
    'The application wants to be answered by HS256, but has no valid secret that was made for that: give it a new one.',
  );
}

/** Grants that a client may use which authenticates in this way. */
export function grantTypesOf(
  { isFallbackPublicClient, oauthClient }: Pick<Application, 'isFallbackPublicClient' | 'oauthClient'>,
  method: string,
): string[] {
  return [
    'authorization_code',
    'implicit',
    'refresh_token',
    // Whoever keeps no secret could be anybody with somebody else's token.
    ...(method === 'none' ? [] : ['client_credentials', onBehalfOf.grantType, tokenExchange.grantType]),
    // OIDC Core 8: a program that could be anybody could ask for the names of another's users.
    ...(isFallbackPublicClient && oauthClient.subjectType !== 'pairwise'
      ? ['urn:ietf:params:oauth:grant-type:device_code']
      : []),
    ...(oauthClient.allowPasswordGrant ? [passwordGrant.grantType] : []),
    ...(oauthClient.allowSamlBearerGrant ? [saml20Bearer.grantType, saml11Bearer.grantType] : []),
  ];
}

/** What a client may ask for at the authorization endpoint: nothing where no answer could be sent. */
export function responseTypesOf(
  attributes: ReplyAddresses & Pick<RegisteredApplication['attributes'], 'web'>,
): ('code' | 'code id_token' | 'id_token')[] {
  if (replyAddressesOf(attributes).length === 0) return [];
  const issuesIdToken = attributes.web?.implicitGrantSettings?.enableIdTokenIssuance === true;
  return ['code', 'code id_token', ...(issuesIdToken ? (['id_token'] as const) : [])];
}

/** What else the application has registered of itself, in the words of RFC 7591 2. What is absent has its default. */
function metadataOf(settings: OAuthClientSettings): Partial<AdapterPayload> {
  const metadata = {
    require_pushed_authorization_requests: settings.requirePushedAuthorizationRequests,
    require_signed_request_object: settings.requireSignedRequestObject,
    dpop_bound_access_tokens: settings.dpopBoundAccessTokens,
    subject_type: settings.subjectType,
    sector_identifier_uri: settings.sectorIdentifierUri,
    id_token_signed_response_alg: settings.idTokenSignedResponseAlg,
    userinfo_signed_response_alg: settings.userinfoSignedResponseAlg,
    authorization_signed_response_alg: settings.authorizationSignedResponseAlg,
    request_object_signing_alg: settings.requestObjectSigningAlg,
  };
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined && value !== null));
}

/** How a client authenticates with a request of these parameters: as it has registered, or as it does here. */
export function authenticationMethod(
  client: Application,
  { parameters, isInHeader }: { parameters: Readonly<Record<string, unknown>>; isInHeader: boolean },
): ClientAuthMethod {
  const { tokenEndpointAuthMethod: registered } = client.oauthClient;
  if (registered !== undefined) return registered;
  if (parameters['client_assertion'] !== undefined) return 'private_key_jwt';
  if (parameters['client_secret'] !== undefined || isInHeader) return 'client_secret_basic';
  return mayBePublic(client, parameters) ? 'none' : 'client_secret_basic';
}

/** Whether a client may do without a proof of who it is (RFC 6749 2.1): programs and scripts in browsers keep no secret. */
function mayBePublic(client: Application, params: Readonly<Record<string, unknown>>): boolean {
  const { redirect_uri: address } = params;
  // A code that was sent to a web server's address is redeemed by the web server.
  if (typeof address === 'string') return isPublicAddress(client.replyAddresses, address);
  const { spa, publicClient } = client.replyAddresses;
  const hasPublicAddress = [spa, publicClient].some((platform) => (platform?.redirectUris?.length ?? 0) > 0);
  return client.isFallbackPublicClient || hasPublicAddress;
}

/** Whether what runs at the address can keep no secret. */
export function isPublicAddress(addresses: ReplyAddresses, address: string): boolean {
  const found = findReplyAddress(addresses, address);
  return found !== undefined && found.kind !== 'web';
}

/** The public key of a certificate, under every name by which libraries say with which one they signed. */
function keysOf({ key, startDateTime, endDateTime }: KeyCredential, now: Date): JWK[] {
  if (now < new Date(startDateTime) || now >= new Date(endDateTime)) return [];
  const certificate = new X509Certificate(Buffer.from(key, 'base64'));
  const jwk = certificate.publicKey.export({ format: 'jwk' }) as JWK;
  const { hex, base64url } = thumbprintOf(certificate);
  return [hex, base64url].map((kid) => ({ ...jwk, kid, use: 'sig', x5c: [key] }));
}

/** SHA-1 of the certificate, as certificate tools write it and as `x5t` has it (RFC 7515 4.1.7). */
function thumbprintOf({ fingerprint }: X509Certificate): { hex: string; base64url: string } {
  const hex = fingerprint.replaceAll(':', '');
  return { hex, base64url: Buffer.from(hex, 'hex').toString('base64url') };
}

/** Whether the secret is one that the client has now, or the one of this call by which it has proven itself already. */
export async function isSecretOf(
  { storage, now }: OAuthOptions,
  { tenant, provenClient }: OAuthCall,
  { clientId, credentialOwnerIds }: Pick<Registered, 'clientId' | 'credentialOwnerIds'>,
  presented: string,
): Promise<boolean> {
  if (provenClient?.clientId === clientId) return presented === provenClient.secret;
  const secrets = await storage.read.clientSecrets.list(tenant.id, credentialOwnerIds);
  return findClientSecret(secrets, presented, now())?.state === 'valid';
}

/** Makes the provider's clients what registered applications are: their rules, and secrets that are kept as digests. */
export function adaptClients(provider: Provider, options: OAuthOptions): void {
  const { Client } = provider;
  Object.assign(Client, {
    // Secrets are digests, so that the metadata has none.
    needsSecret: () => false,
  });
  Object.assign(Client.prototype, {
    redirectUriAllowed(this: Registered, address: string) {
      return findReplyAddress(this.replyAddresses, address) !== undefined;
    },
    // Every session has an id that logout tokens name (OpenID Connect Back-Channel Logout 2.1).
    includeSid: () => true,
    async compareClientSecret(this: Registered, presented: string) {
      return Provider.ctx !== undefined && isSecretOf(options, callOf(Provider.ctx), this, presented);
    },
  });
  // Reply addresses were checked when they were registered, by rules that know loopback and custom schemes.
  Object.assign((Client as unknown as { Schema: { prototype: object } }).Schema.prototype, { redirectUris() {} });
}

/** A client of ours, inside the provider. */
interface Registered {
  clientId: string;
  credentialOwnerIds: string[];
  replyAddresses: ReplyAddresses;
}
