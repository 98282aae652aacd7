import * as oauth from 'oauth4webapi';
import type { OutboundFetch } from '../../outbound/index.ts';
import { RecentlyUsed } from '../../recently-used.ts';
import type { OidcTrust } from '../../upstream-providers/index.ts';
import type { OidcRequest } from './oidc-call.ts';

/** A provider as it describes itself, and how it is asked. */
export interface OidcServer {
  server: oauth.AuthorizationServer;
  options: CallOptions;
}

export interface CallOptions {
  [oauth.customFetch]: (url: string, init: oauth.CustomFetchOptions<string, unknown>) => Promise<Response>;
  [oauth.allowInsecureRequests]: boolean;
}

/** Finds out what a provider says of itself. */
export type FindServer = (asked: Pick<OidcRequest, 'provider' | 'now'>) => Promise<OidcServer>;

/** How long a discovery document is used, in milliseconds. Keys are asked anew sooner, and where one is unknown. */
const metadataLifetime = 3_600_000;
/** Providers whose documents are kept. */
const mostProviders = 1_000;

export function oidcServers(fetch: OutboundFetch): FindServer {
  const known = new RecentlyUsed<{ server: oauth.AuthorizationServer; at: number }>(mostProviders);

  return async ({ provider, now }) => {
    const { issuer, oidc } = provider;
    const options: CallOptions = {
      [oauth.customFetch]: (url, { method, headers, body, signal }) =>
        fetch(url, { method, headers, ...(body != null && { body: String(body) }), signal }),
      // Which addresses may be asked without TLS was decided when the provider was trusted.
      [oauth.allowInsecureRequests]: new URL(oidc.endpoints?.token ?? issuer).protocol === 'http:',
    };
    const key = JSON.stringify([issuer, oidc.endpoints, oidc.algorithms]);
    const kept = known.get(key);
    if (kept && Math.abs(now.getTime() - kept.at) < metadataLifetime) return { server: kept.server, options };
    const found = oidc.endpoints ? writtenDown(issuer, oidc.endpoints) : await discover(issuer, options);
    // The library keeps the keys of this very object. The trust, and not the provider, says which algorithms are good.
    const server = { ...found, id_token_signing_alg_values_supported: [...oidc.algorithms] };
    known.keep(key, { server, at: now.getTime() });
    return { server, options };
  };
}

function writtenDown(issuer: string, endpoints: NonNullable<OidcTrust['endpoints']>): oauth.AuthorizationServer {
  const { authorization, token, userInfo, jwks, endSession } = endpoints;
  return {
    issuer,
    authorization_endpoint: authorization,
    token_endpoint: token,
    ...(userInfo !== null && { userinfo_endpoint: userInfo }),
    ...(jwks !== null && { jwks_uri: jwks }),
    ...(endSession != null && { end_session_endpoint: endSession }),
  };
}

/** OIDC Discovery 4.3: the issuer in the document must be the one that was asked. */
async function discover(issuer: string, options: CallOptions): Promise<oauth.AuthorizationServer> {
  const response = await oauth.discoveryRequest(new URL(issuer), { ...options, algorithm: 'oidc' });
  return oauth.processDiscoveryResponse(new URL(issuer), response);
}
