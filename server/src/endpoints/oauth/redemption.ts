import type { ServicePrincipal } from '../../applications/index.ts';
import type { DirectoryObject } from '../../directory/index.ts';
import { type HandedOut, type SigningAlgorithm, signJwt } from '../../issuance/index.ts';
import { type KeptRefreshToken, wordsOf } from './kept-refresh-token.ts';
import { refreshTokenSeconds } from './lifetimes.ts';
import type { PlainRequest } from './plain-request.ts';
import { heldRoles } from './resources.ts';
import { claimsOfScopes } from './standard-claims.ts';
import type { OAuthOptions } from './stores.ts';

/** For what a refresh token is redeemed. */
export interface Redemption {
  plain: PlainRequest;
  /** The token and its grant as they count here. */
  kept: KeptRefreshToken;
  user: DirectoryObject;
  /** For what the access token is, with the name by which it was granted; undefined: for userinfo. */
  target: { resource: ServicePrincipal; name: string } | undefined;
  /** Of the access token. */
  scopes: string[];
  /** In seconds. */
  issuedAt: number;
}

/** The refresh token that comes next, as the provider would keep it. */
export function nextRefreshToken({ plain, kept, issuedAt }: Redemption, digest: string): HandedOut {
  const { token } = kept;
  const exp = issuedAt + refreshTokenSeconds(plain.call.flow.tokens, token.iiat, issuedAt);
  const content = {
    ...token,
    iat: issuedAt,
    exp,
    gty: refreshed(token.gty),
    rotations: (token.rotations ?? 0) + 1,
  };
  return { kind: 'refreshToken', digest, content, expiresAt: new Date(exp * 1000) };
}

/** An access token that means something to userinfo only, as the provider would keep it. */
export function opaqueToken({ plain, kept, scopes, issuedAt }: Redemption, digest: string): HandedOut {
  const { accountId, clientId, grantId, gty, sid, sessionUid } = kept.token;
  const exp = issuedAt + plain.call.flow.tokens.accessTokenSeconds;
  const content = {
    kind: 'AccessToken',
    iat: issuedAt,
    exp,
    accountId,
    clientId,
    grantId,
    gty: refreshed(gty),
    scope: scopes.join(' '),
    sid,
    sessionUid,
  };
  return { kind: 'accessToken', digest, content, expiresAt: new Date(exp * 1000) };
}

/** How a token came about, in the provider's words. */
function refreshed(gty: string): string {
  return gty.endsWith('refresh_token') ? gty : `${gty} refresh_token`;
}

/** The access token for the target (RFC 9068 2.2). Call it only where there is one. */
export async function signAccessToken(
  { storage, keys, newId }: OAuthOptions,
  { plain, kept, user, target, scopes, issuedAt }: Redemption,
): Promise<string> {
  if (!target) throw new Error('An access token for no resource is not signed.');
  const { call, issuer, client } = plain;
  const { tenant, flow } = call;
  const { appId } = client.servicePrincipal.attributes;
  const { authTime, acr, amr } = kept.token;
  const claims = {
    jti: newId(),
    sub: user.id,
    iat: issuedAt,
    exp: issuedAt + flow.tokens.accessTokenSeconds,
    scope: scopes.join(' ') || undefined,
    client_id: appId,
    iss: issuer,
    aud: call.claims.audience(call, target.resource, target.name),
    // RFC 9068 2.2.1
    auth_time: authTime,
    acr,
    amr,
  };
  const facts = {
    call,
    client: { appId, servicePrincipalId: client.servicePrincipal.id },
    user,
    resource: target.resource,
    scopes,
    roles: await heldRoles(storage.read, tenant.id, user.id, target.resource),
  };
  return signJwt(await keys.signer(tenant.id, 'RS256'), 'at+jwt', call.claims.accessToken(claims, facts));
}

/** The ID token, if one was granted (OIDC Core 12.2). */
export async function signIdToken(
  { keys }: OAuthOptions,
  { plain, kept, user, target, issuedAt }: Redemption,
): Promise<string | undefined> {
  const { call, issuer, client } = plain;
  const had = wordsOf(kept.token.scope);
  if (!had.includes('openid')) return undefined;
  // OIDC Core 5.4: what scopes ask for comes from userinfo, unless the access token is for something else.
  const scopes = target ? wordsOf(kept.grant.openid?.scope).filter((scope) => had.includes(scope)) : ['openid'];
  const { appId } = client.servicePrincipal.attributes;
  const { nonce, sid, authTime } = kept.token;
  const facts = { call, clientId: appId, user, authTime };
  const claims = call.claims.idToken({ ...claimsOfScopes(user, scopes), nonce, sid }, facts);
  const algorithm = client.oauthClient.idTokenSignedResponseAlg ?? 'RS256';
  return signJwt(await keys.signer(call.tenant.id, algorithm as SigningAlgorithm), undefined, {
    ...claims,
    aud: appId,
    exp: issuedAt + call.flow.tokens.idTokenSeconds,
    iat: issuedAt,
    iss: issuer,
    sub: user.id,
  });
}
