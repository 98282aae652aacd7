import * as oauth from 'oauth4webapi';
import type { OutboundFetch } from '../../outbound/index.ts';
import { UpstreamFailure } from '../../sign-in/index.ts';
import type { OidcTrust } from '../../upstream-providers/index.ts';
import type { ProtocolRequest } from '../protocol.ts';
import { type OidcServer, oidcServers } from './oidc-server.ts';

export type OidcRequest = ProtocolRequest<'oidc'>;

/** One conversation with a provider, in the words of the library. */
export interface OidcCall extends OidcServer {
  asked: OidcRequest;
  oidc: OidcTrust;
  client: oauth.Client;
  authentication: oauth.ClientAuth;
}

/** Makes a call ready, with what the provider says of itself. */
type OpenCall = (asked: OidcRequest) => Promise<OidcCall>;

/** How far the clocks of providers may differ from ours, in seconds. */
export const clockTolerance = 180;

export function oidcCalls(fetch: OutboundFetch): OpenCall {
  const findServer = oidcServers(fetch);
  return async (asked) => {
    const { provider, secret, now } = asked;
    const { oidc } = provider;
    const authentication = authenticationOf(oidc, secret);
    return {
      asked,
      oidc,
      ...(await findServer(asked)),
      client: {
        client_id: oidc.clientId,
        [oauth.clockSkew]: Math.round((now.getTime() - Date.now()) / 1000),
        [oauth.clockTolerance]: clockTolerance,
      },
      authentication,
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
