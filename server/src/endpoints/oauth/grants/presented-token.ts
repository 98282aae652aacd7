import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { errors } from 'oidc-provider';
import { findResource } from '../../../applications/index.ts';
import { findUserOfToken, mayComeWithToken } from '../../../sign-in/index.ts';
import { accountOf } from '../accounts.ts';
import { callOf } from '../call.ts';
import type { OAuthOptions } from '../stores.ts';
import type { GrantContext } from './grant.ts';
import type { ProvenUser } from './issue-for-user.ts';

/** By how much the clocks of our own processes may differ, in seconds. */
const clockTolerance = 60;

/**
 * Who the user is of an access token that was made out to the client, which presents it to act for the user elsewhere. A
 * token for somebody else is refused: whoever found or was sent it could otherwise use it here (RFC 8693 5).
 *
 * @throws InvalidGrant; InteractionRequired when it does not count at the client's application
 */
export async function userOfPresentedToken(
  { storage, keys }: OAuthOptions,
  tenantId: string,
  ctx: GrantContext,
  token: string,
): Promise<ProvenUser & { claims: JWTPayload }> {
  const { payload: claims } = await verify(ctx, token, await keys.jwks(tenantId));
  const audience = typeof claims.aud === 'string' ? await findResource(storage.read, tenantId, claims.aud) : undefined;
  if (audience?.id !== ctx.oidc.client['servicePrincipalId']) throw invalid('It was not made out to this client.');
  // A token that its client has demanded for a key of its own says nothing about whoever sent it on (RFC 9449 6).
  if (claims['cnf'] !== undefined) throw invalid('It is bound to a key of another client.');
  const { auth_time: provenAt = claims.iat ?? 0, oid = claims.sub } = claims;
  const seconds = Number(provenAt);
  // Claims have whole seconds: the proof was given before that second ended.
  const user = await findUserOfToken(storage.read, tenantId, String(oid), new Date(seconds * 1000 + 999));
  if (!user) throw invalid('It is of no user who may sign in, or the sign-in behind it does not count any more.');
  callOf(ctx).accountId = user.id;
  const { acr, amr, sid } = claims;
  const methods = Array.isArray(amr) ? amr.map(String) : undefined;
  const mayComeTo = (application: { appId: string }) =>
    mayComeWithToken(storage.read, tenantId, application, user, methods ?? []);
  if (!(await mayComeTo({ appId: ctx.oidc.client.clientId }))) {
    throw new errors.InteractionRequired('The application takes people of other identity providers.');
  }
  return {
    account: accountOf(user),
    proof: { authTime: seconds, acr: typeof acr === 'string' ? acr : undefined, amr: methods },
    sid: typeof sid === 'string' ? sid : undefined,
    mayComeTo,
    claims,
  };
}

/** RFC 9068 4, for tokens of this tenant, whatever the form of the issuer under which they were asked for. */
async function verify(ctx: GrantContext, token: string, keySet: Parameters<typeof createLocalJWKSet>[0]) {
  const { tenant, request } = callOf(ctx);
  const verified = await jwtVerify(token, createLocalJWKSet(keySet), {
    typ: 'at+jwt',
    algorithms: ['RS256', 'ES256'],
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
    clockTolerance,
  }).catch((cause) => {
    throw invalid('It is no valid access token of this tenant.', cause);
  });
  const issuer = URL.parse(verified.payload.iss ?? '');
  if (issuer?.origin !== request.url.origin || issuer.pathname.split('/')[1] !== tenant.id) {
    throw invalid('It is of another issuer.');
  }
  return verified;
}

function invalid(reason: string, cause?: unknown): Error {
  return Object.assign(new errors.InvalidGrant(`The presented token cannot be used. ${reason}`), { cause });
}
