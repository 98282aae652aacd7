import { type AccessToken, accessTokenType, issuerOf } from './access-token.ts';
import { signJwt } from './jws.ts';
import type { KeyRing } from './key-ring.ts';
import type { SigningAlgorithm } from './signer.ts';

/**
 * Signs an access token with the key of its tenant, with the claims and names of Entra's v2.0 access tokens
 * (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference) on the frame of RFC 9068 2.2.
 */
export async function issueAccessToken(
  keys: KeyRing,
  publicUrl: URL,
  token: AccessToken,
  algorithm?: SigningAlgorithm,
): Promise<string> {
  const signer = await keys.signer(token.tenantId, algorithm);
  return signJwt(signer, accessTokenType, claimsOf(publicUrl, token));
}

function claimsOf(publicUrl: URL, token: AccessToken): Record<string, unknown> {
  const issuedAt = seconds(token.issuedAt);
  return {
    aud: token.audience,
    iss: issuerOf(publicUrl, token.tenantId),
    iat: issuedAt,
    nbf: issuedAt,
    exp: seconds(token.expiresAt),
    // Interop: tools that read tokens for Microsoft Graph look for appid, as in v1.0 tokens; v2.0 libraries for azp.
    appid: token.clientId,
    azp: token.clientId,
    client_id: token.clientId,
    idtyp: idtypOf[token.subject.kind],
    oid: token.subject.id,
    sub: token.subject.id,
    tid: token.tenantId,
    ...(token.name !== null && { name: token.name }),
    ...(token.userPrincipalName !== null && { preferred_username: token.userPrincipalName }),
    ...(token.subject.kind === 'user' && { scp: token.scopes.join(' ') }),
    ...(token.roles.length > 0 && { roles: token.roles }),
    ...(token.directoryRoleIds.length > 0 && { wids: token.directoryRoleIds }),
    jti: token.id,
    ver: '2.0',
  };
}

const idtypOf = { user: 'user', application: 'app' } as const;

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
