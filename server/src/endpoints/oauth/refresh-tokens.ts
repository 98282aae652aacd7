import { AlreadyRedeemedError } from '../../issuance/index.ts';
import { findUserOfToken } from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import { provenAt } from './accounts.ts';
import { mayUse } from './assignment.ts';
import { digestOf } from './digest.ts';
import { type KeptRefreshToken, readKept, turned, wordsOf } from './kept-refresh-token.ts';
import { type PlainRequest, tokenAnswer } from './plain-request.ts';
import { nextRefreshToken, opaqueToken, type Redemption, signAccessToken, signIdToken } from './redemption.ts';
import { consentedScopes, findEnabledResource } from './resources.ts';
import type { OAuthOptions } from './stores.ts';
import { tenantSuffix } from './tenant-in-token.ts';

/**
 * Answers what applications ask most: new tokens for a refresh token, which is redeemed for good (RFC 6749 6, RFC 9700
 * 4.14.2). One write redeems it and keeps what comes in its place.
 */
export async function refreshTokens(options: OAuthOptions, plain: PlainRequest): Promise<HttpResponse | undefined> {
  const { storage, remembered, now, newSecret } = options;
  const { call, parameters } = plain;
  const { tenant } = call;
  const at = now();
  const digest = digestOf(parameters.get('refresh_token') ?? '');
  const found = await storage.read.redeemables.findWithGrant(tenant.id, 'refreshToken', digest);
  const kept = found && readKept(found, plain, at);
  const redemption = kept && (await decide(options, plain, kept, at));
  if (!redemption) return undefined;

  const refreshToken = newSecret() + tenantSuffix(tenant.id);
  const opaque = redemption.target ? undefined : newSecret();
  const handedOut = [
    nextRefreshToken(redemption, digestOf(refreshToken)),
    ...(opaque === undefined ? [] : [opaqueToken(redemption, digestOf(opaque))]),
  ];
  try {
    const [accessToken, idToken] = await Promise.all([
      opaque ?? signAccessToken(options, redemption),
      signIdToken(options, redemption),
      remembered.write(({ redeemables }) => redeemables.exchange(tenant.id, found.found, at, handedOut)),
    ]);
    call.accountId = redemption.user.id;
    return tokenAnswer({
      access_token: accessToken,
      expires_in: call.flow.tokens.accessTokenSeconds,
      id_token: idToken,
      refresh_token: refreshToken,
      scope: redemption.scopes.join(' '),
      token_type: 'Bearer',
    });
  } catch (error) {
    // Somebody was faster: the provider knows whether that may be, or is theft.
    if (error instanceof AlreadyRedeemedError) return undefined;
    throw error;
  }
}

/** What the token is good for now; undefined for whatever must be refused or weighed. */
async function decide(
  options: OAuthOptions,
  plain: PlainRequest,
  presented: KeptRefreshToken,
  at: Date,
): Promise<Redemption | undefined> {
  const { read } = options.storage;
  const { call, client, parameters } = plain;
  const { servicePrincipal, oauthClient } = client;
  if (oauthClient.subjectType === 'pairwise' || oauthClient.idTokenSignedResponseAlg === 'HS256') return undefined;
  const { accountId } = presented.token;
  const user = await findUserOfToken(read, call.tenant.id, accountId, provenAt(presented.token) ?? at);
  if (!user || !(await mayUse(read, call.tenant.id, user.id, servicePrincipal))) return undefined;
  const kept = await turned(options, plain, presented);
  if (!kept) return undefined;
  const redemption = { plain, kept, user, issuedAt: Math.floor(at.getTime() / 1000) };
  const { token, grant } = kept;

  // RFC 8707 2.2: of the resources that were granted, the one that is asked for, or the only one.
  const granted = [token.resource ?? []].flat();
  const name = parameters.get('resource') ?? granted[0];
  const had = wordsOf(token.scope);
  if (name === undefined) {
    const scopes = wordsOf(grant.openid?.scope).filter((scope) => had.includes(scope));
    return { ...redemption, target: undefined, scopes };
  }
  const isClear = granted.includes(name) && (granted.length === 1 || parameters.has('resource'));
  const resource = isClear ? await findEnabledResource(read, call, name) : undefined;
  if (!resource || !(await mayUse(read, call.tenant.id, user.id, resource))) return undefined;
  const consented = await consentedScopes(read, call.tenant.id, servicePrincipal.id, resource, user.id);
  const scopes = wordsOf(grant.resources?.[name]).filter((scope) => had.includes(scope) && consented.includes(scope));
  return { ...redemption, target: { resource, name }, scopes };
}
