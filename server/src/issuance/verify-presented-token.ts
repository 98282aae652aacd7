import type { JWTPayload } from 'jose';
import type { KeyRing } from './key-ring.ts';

/** By how much the clocks of our own processes may differ, in seconds. */
const clockTolerance = 60;

/** What a token that somebody presents to act for its user must be good for. */
export interface ExpectedPresented {
  tenantId: string;
  /** Where the request came to. */
  origin: string;
  now?: Date;
}

/** Why a presented token cannot be used. */
export class PresentedTokenError extends Error {
  override readonly name = 'PresentedTokenError';
}

/**
 * Verifies an access token of the tenant, whatever the form of the issuer under which it was asked for (RFC 9068 4). Whom it
 * was made out to is for the caller to look at.
 *
 * @throws PresentedTokenError
 */
export async function verifyPresentedToken(
  keys: KeyRing,
  { tenantId, origin, now }: ExpectedPresented,
  token: string,
): Promise<JWTPayload> {
  // Loaded with the first token: most hubs never see one.
  const { createLocalJWKSet, jwtVerify } = await import('jose');
  const keySet = createLocalJWKSet(await keys.jwks(tenantId));
  const { payload } = await jwtVerify(token, keySet, {
    typ: 'at+jwt',
    algorithms: ['RS256', 'ES256'],
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
    clockTolerance,
    ...(now && { currentDate: now }),
  }).catch((cause) => {
    throw new PresentedTokenError('It is no valid access token of this tenant.', { cause });
  });
  const issuer = URL.parse(payload.iss ?? '');
  if (issuer?.origin !== origin || issuer.pathname.split('/')[1] !== tenantId) {
    throw new PresentedTokenError('It is of another issuer.');
  }
  // A token that its client has demanded for a key of its own says nothing about whoever sent it on (RFC 9449 6).
  if (payload['cnf'] !== undefined) throw new PresentedTokenError('It is bound to a key of another client.');
  return payload;
}
