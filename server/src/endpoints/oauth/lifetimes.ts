import type { AccessToken, Configuration, KoaContextWithOIDC, RefreshToken } from 'oidc-provider';
import type { TokenLifetimes } from '../../user-flows/index.ts';
import { callOf } from './call.ts';

/** A code travels through a browser and is redeemed at once; RFC 6749 4.1.2 recommends ten minutes at most. */
const codeSeconds = 300;
/** RFC 8628 3.2: as long as people need to fetch another device and sign in there. */
const deviceCodeSeconds = 900;
/** Nothing of these outlives its request: sign-in has the sessions. */
const momentSeconds = 3600;

/** How long things are good for, in seconds. Of tokens the flow says so. */
export const lifetimes: NonNullable<Configuration['ttl']> = {
  AccessToken: (ctx, token: AccessToken) => token.resourceServer?.accessTokenTTL ?? tokensOf(ctx).accessTokenSeconds,
  ClientCredentials: (ctx, token) => token.resourceServer?.accessTokenTTL ?? tokensOf(ctx).accessTokenSeconds,
  IdToken: (ctx) => tokensOf(ctx).idTokenSeconds,
  RefreshToken: (ctx, token: RefreshToken) =>
    refreshTokenSeconds(tokensOf(ctx), token.iiat ?? 0, Math.floor(Date.now() / 1000)),
  // Prolonged by what is issued on it.
  Grant: (ctx) => tokensOf(ctx).refreshTokenSeconds,
  AuthorizationCode: codeSeconds,
  DeviceCode: deviceCodeSeconds,
  Interaction: momentSeconds,
  Session: momentSeconds,
};

function tokensOf(ctx: KoaContextWithOIDC): TokenLifetimes {
  return callOf(ctx).flow.tokens;
}

/**
 * Every refresh prolongs it, but never beyond the flow's window since the sign-in.
 *
 * @param firstIssuedAt  when the first one of its family was issued, in seconds
 */
export function refreshTokenSeconds(
  { refreshTokenSeconds: whole, refreshWindowSeconds }: TokenLifetimes,
  firstIssuedAt: number,
  now: number,
): number {
  if (refreshWindowSeconds === null) return whole;
  return Math.max(1, Math.min(whole, firstIssuedAt + refreshWindowSeconds - now));
}
