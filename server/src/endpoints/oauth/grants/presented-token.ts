import type { JWTPayload } from 'jose';
import { errors } from 'oidc-provider';
import { findResource } from '../../../applications/index.ts';
import { PresentedTokenError, verifyPresentedToken } from '../../../issuance/index.ts';
import { findUserOfToken, mayComeWithToken } from '../../../sign-in/index.ts';
import { accountOf } from '../accounts.ts';
import { callOf } from '../call.ts';
import type { OAuthOptions } from '../stores.ts';
import type { GrantContext } from './grant.ts';
import type { ProvenUser } from './issue-for-user.ts';

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
  const { origin } = callOf(ctx).request.url;
  const claims = await verifyPresentedToken(keys, { tenantId, origin }, token).catch((error) => {
    throw error instanceof PresentedTokenError ? invalid(error.message, error) : error;
  });
  const audience = typeof claims.aud === 'string' ? await findResource(storage.read, tenantId, claims.aud) : undefined;
  if (audience?.id !== ctx.oidc.client['servicePrincipalId']) throw invalid('It was not made out to this client.');
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

function invalid(reason: string, cause?: unknown): Error {
  return Object.assign(new errors.InvalidGrant(`The presented token cannot be used. ${reason}`), { cause });
}
