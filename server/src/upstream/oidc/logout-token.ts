import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import type { OutboundFetch } from '../../outbound/index.ts';
import { RecentlyUsed } from '../../recently-used.ts';
import { UpstreamFailure } from '../../sign-in/index.ts';
import type { BetweenOf, UpstreamParts } from '../protocol.ts';
import { clockTolerance } from './oidc-call.ts';
import type { FindServer } from './oidc-server.ts';

/** Whose sessions have ended. At least one of the two is there. */
export interface LogoutToken {
  subject: string | undefined;
  sessionId: string | undefined;
}

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** Providers whose keys are kept. */
const mostProviders = 1_000;

/**
 * Makes what proves logout tokens (OpenID Connect Back-Channel Logout 1.0 2.6): whoever has one ends somebody's sessions, so
 * that an ID token, or a token for another client, must not pass for one.
 */
export function logoutTokenProver(
  { fetch, useId }: Pick<UpstreamParts, 'fetch' | 'useId'>,
  findServer: FindServer,
): (between: BetweenOf<'oidc'>, token: string) => Promise<LogoutToken> {
  const keySets = new RecentlyUsed<JWTVerifyGetKey>(mostProviders);

  async function keysOf(between: BetweenOf<'oidc'>): Promise<JWTVerifyGetKey> {
    const { jwks_uri: address } = (await findServer(between)).server;
    if (!address) throw new UpstreamFailure('upstream_unreachable', 'The provider names no address of its keys.');
    const keys = keySets.get(address) ?? createRemoteJWKSet(new URL(address), { [customFetch]: keysBy(fetch) });
    keySets.keep(address, keys);
    return keys;
  }

  return async (between, token) => {
    const { tenantId, provider, now } = between;
    const { payload, protectedHeader } = await jwtVerify(token, await keysOf(between), {
      issuer: provider.issuer,
      audience: provider.oidc.clientId,
      algorithms: [...provider.oidc.algorithms],
      requiredClaims: ['iat', 'exp', 'jti'],
      currentDate: now,
      clockTolerance,
    }).catch((error) => {
      throw error instanceof errors.JOSEError ? refused(error.message, error) : error;
    });
    const read = readLogoutToken(payload, protectedHeader.typ);
    const { jti, exp = 0 } = payload;
    const until = new Date((exp + clockTolerance) * 1000);
    // 2.6 step 8: whoever keeps one must not end the sessions that begin later.
    if (!(await useId(tenantId, `logout ${provider.issuer} ${jti}`, until))) throw refused('It came before.');
    return read;
  };
}

/** What a token says whose signature, issuer, audience and times are good. */
function readLogoutToken({ sub, sid, events, nonce }: JWTPayload, type: string | undefined): LogoutToken {
  // 2.4: typing is recommended, so that older providers leave it out.
  if (type !== undefined && !/^(application\/)?(logout\+)?jwt$/i.test(type)) throw refused(`Its type is "${type}".`);
  const event = typeof events === 'object' && events !== null && Object.hasOwn(events, logoutEvent);
  if (!event) throw refused('It tells of no logout.');
  // 2.4: so that no ID token can be one.
  if (nonce !== undefined) throw refused('It has a nonce.');
  const [subject, sessionId] = [sub, sid].map((name) => (typeof name === 'string' && name !== '' ? name : undefined));
  if (subject === undefined && sessionId === undefined) throw refused('It names neither a person nor a session.');
  return { subject, sessionId };
}

function refused(problem: string, cause?: unknown): UpstreamFailure {
  const check = { check: 'logout_token', spec: 'OpenID Connect Back-Channel Logout 1.0 2.6' };
  return new UpstreamFailure('upstream_answer_wrong', `The logout token is not believed: ${problem}`, cause, check);
}

/** The library's `fetch`, by ours. */
function keysBy(fetch: OutboundFetch): FetchImplementation {
  return (url, { method, headers, signal }) => fetch(url, { method, headers, signal });
}
