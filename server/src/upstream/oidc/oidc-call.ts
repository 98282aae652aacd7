import * as oauth from 'oauth4webapi';
import type { OutboundFetch } from '../../outbound/index.ts';
import { RecentlyUsed } from '../../recently-used.ts';
import { UpstreamFailure } from '../../sign-in/index.ts';
import type { OidcTrust } from '../../upstream-providers/index.ts';
import type { ProtocolRequest } from '../protocol.ts';

export type OidcRequest = ProtocolRequest<'oidc'>;

/** One conversation with a provider, in the words of the library. */
export interface OidcCall {
  asked: OidcRequest;
  oidc: OidcTrust;
  server: oauth.AuthorizationServer;
  client: oauth.Client;
  authentication: oauth.ClientAuth;
  options: CallOptions;
}

interface CallOptions {
  [oauth.customFetch]: (url: string, init: oauth.CustomFetchOptions<string, unknown>) => Promise<Response>;
  [oauth.allowInsecureRequests]: boolean;
}

/** Makes a call ready, with what the provider says of itself. */
type OpenCall = (asked: OidcRequest) => Promise<OidcCall>;

/** How long a discovery document is used, in milliseconds. Keys are asked anew sooner, and where one is unknown. */
const metadataLifetime = 3_600_000;
/** Providers whose documents are kept. */
const mostProviders = 1_000;
/** How far the clocks of providers may differ from ours, in seconds. */
const clockTolerance = 180;

export function oidcCalls(fetch: OutboundFetch): OpenCall {
  const known = new RecentlyUsed<{ server: oauth.AuthorizationServer; at: number }>(mostProviders);

  const serverOf = async ({ provider, now }: OidcRequest, options: CallOptions) => {
    const { issuer, oidc } = provider;
    const key = JSON.stringify([issuer, oidc.endpoints, oidc.algorithms]);
    const kept = known.get(key);
    if (kept && Math.abs(now.getTime() - kept.at) < metadataLifetime) return kept.server;
    const found = oidc.endpoints ? writtenDown(issuer, oidc.endpoints) : await discover(issuer, options);
    // The library keeps the keys of this very object. The trust, and not the provider, says which algorithms are good.
    const server = { ...found, id_token_signing_alg_values_supported: [...oidc.algorithms] };
    known.keep(key, { server, at: now.getTime() });
    return server;
  };

  return async (asked) => {
    const { provider, secret, now } = asked;
    const { oidc } = provider;
    const options: CallOptions = {
      [oauth.customFetch]: (url, { method, headers, body, signal }) =>
        fetch(url, { method, headers, ...(body != null && { body: String(body) }), signal }),
      // Which addresses may be asked without TLS was decided when the provider was trusted.
      [oauth.allowInsecureRequests]: new URL(oidc.endpoints?.token ?? provider.issuer).protocol === 'http:',
    };
    return {
      asked,
      oidc,
      server: await serverOf(asked, options),
      client: {
        client_id: oidc.clientId,
        [oauth.clockSkew]: Math.round((now.getTime() - Date.now()) / 1000),
        [oauth.clockTolerance]: clockTolerance,
      },
      authentication: authenticationOf(oidc, secret),
      options,
    };
  };
}

/** OIDC Core 9, RFC 6749 2.3.1. */
function authenticationOf({ clientAuthentication }: OidcTrust, secret: string | null): oauth.ClientAuth {
  if (clientAuthentication === 'none') return oauth.None();
  if (secret === null) throw new UpstreamFailure('upstream_refused', 'The client secret for this provider is missing.');
  return clientAuthentication === 'client_secret_basic'
    ? oauth.ClientSecretBasic(secret)
    : oauth.ClientSecretPost(secret);
}

function writtenDown(issuer: string, endpoints: NonNullable<OidcTrust['endpoints']>): oauth.AuthorizationServer {
  const { authorization, token, userInfo, jwks } = endpoints;
  return {
    issuer,
    authorization_endpoint: authorization,
    token_endpoint: token,
    ...(userInfo !== null && { userinfo_endpoint: userInfo }),
    ...(jwks !== null && { jwks_uri: jwks }),
  };
}

/** OIDC Discovery 4.3: the issuer in the document must be the one that was asked. */
async function discover(issuer: string, options: CallOptions): Promise<oauth.AuthorizationServer> {
  const response = await oauth.discoveryRequest(new URL(issuer), { ...options, algorithm: 'oidc' });
  return oauth.processDiscoveryResponse(new URL(issuer), response);
}
