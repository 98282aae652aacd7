// Who calls: the access token is checked with the keys that the hub publishes, and says what the caller may do.
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { HubUnreachable, RequestRefused } from './errors.ts';
import type { Settings } from './settings.ts';

/** The person for whom an application calls. */
export interface Caller {
  /** Together with the subject this is who it is; an e-mail address is not. */
  issuer: string;
  subject: string;
  email: string | null;
  scopes: readonly string[];
  /** The user flow through which the person signed in, in lower case. */
  flow: string;
}

export type IdentifyCaller = (authorization: string | undefined) => Promise<Caller>;

interface Metadata {
  issuer: string;
  keys: JWTVerifyGetKey;
}

/** Identifies callers by the `Authorization` header (RFC 6750 2.1). Reads the hub's metadata when the first one comes. */
export function callerIdentifier({ authority, audience }: Pick<Settings, 'authority' | 'audience'>): IdentifyCaller {
  let metadata: Promise<Metadata> | undefined;

  function trusted(): Promise<Metadata> {
    metadata ??= discover(authority).catch((error) => {
      metadata = undefined;
      throw new HubUnreachable(`${authority} does not answer.`, { cause: error });
    });
    return metadata;
  }

  return async (authorization) => {
    const [, token] = /^Bearer +([\w.~+/=-]+) *$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) throw new RequestRefused(401, 'invalid_request', 'An access token is needed.');
    const { issuer, keys } = await trusted();
    const required = ['exp', 'sub'];
    const options = { issuer, audience, algorithms: ['RS256'], requiredClaims: required, clockTolerance: 60 };
    const { payload } = await jwtVerify(token, keys, options).catch((error) => {
      throw refusal(error);
    });
    return callerOf(payload, issuer);
  };
}

/** OpenID Connect Discovery 1.0 4. */
async function discover(authority: string): Promise<Metadata> {
  const response = await fetch(`${authority}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`The metadata was answered with ${response.status}.`);
  const { issuer, jwks_uri: keys } = (await response.json()) as { issuer: string; jwks_uri: string };
  return { issuer, keys: createRemoteJWKSet(new URL(keys)) };
}

/** Failures that say nothing about the token: the keys could not be read. */
const aboutKeys = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID', 'ERR_JWKS_TIMEOUT']);

/** Nobody learns more than that the token is no good; that the keys are out of reach is not the caller's fault. */
function refusal(error: unknown): Error {
  if (!(error instanceof errors.JOSEError) || aboutKeys.has(error.code)) {
    return new HubUnreachable('The keys of the hub cannot be read.', { cause: error });
  }
  const reason =
    error instanceof errors.JWTExpired ? 'The access token has expired.' : 'The access token is not valid.';
  return new RequestRefused(401, 'invalid_token', reason);
}

function callerOf(claims: JWTPayload, issuer: string): Caller {
  const { sub = '', scp = '', emails } = claims;
  return {
    issuer,
    subject: sub,
    email: Array.isArray(emails) && typeof emails[0] === 'string' ? emails[0] : null,
    scopes: String(scp).split(' ').filter(Boolean),
    // Azure AD B2C names the user flow in `tfp`, or in `acr` where a tenant is set so.
    flow: String(claims['tfp'] ?? claims['acr'] ?? '').toLowerCase(),
  };
}

/** @throws RequestRefused 403 when the person has not allowed it to the application (RFC 6750 3.1). */
export function requireScope({ scopes }: Caller, scope: string): void {
  if (scopes.includes(scope)) return;
  throw new RequestRefused(403, 'insufficient_scope', `The access token lacks ${scope}.`, { scope });
}

/** @throws RequestRefused 401 when the person signed in by a weaker flow than this one (RFC 9470 3). */
export function requireFlow({ flow }: Caller, wanted: string): void {
  if (flow === wanted.toLowerCase()) return;
  const reason = 'A second factor is needed for this.';
  throw new RequestRefused(401, 'insufficient_user_authentication', reason, { acr_values: wanted });
}
