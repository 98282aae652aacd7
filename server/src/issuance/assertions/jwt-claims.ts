import type { Claim } from '@countersign/claims';
import { subjectClaimTypes } from '../claims/subject-claims.ts';
import type { UnsignedToken } from './unsigned-token.ts';

/** Interop: what Microsoft's JwtSecurityTokenHandler, and so AD FS, calls types of claims. Others stand as they are. */
const shortNames: ReadonlyMap<string, string> = new Map([
  [subjectClaimTypes.nameIdentifier, 'nameid'],
  [subjectClaimTypes.upn, 'upn'],
  [subjectClaimTypes.name, 'unique_name'],
  [subjectClaimTypes.givenName, 'given_name'],
  [subjectClaimTypes.surname, 'family_name'],
  [subjectClaimTypes.emailAddress, 'email'],
  [subjectClaimTypes.objectId, 'oid'],
  [subjectClaimTypes.tenantId, 'tid'],
  [subjectClaimTypes.windowsAccountName, 'winaccountname'],
  [subjectClaimTypes.group, 'group'],
  [subjectClaimTypes.role, 'role'],
  [subjectClaimTypes.authenticationMethod, 'authmethod'],
  [subjectClaimTypes.authenticationInstant, 'auth_time'],
  [subjectClaimTypes.actor, 'act'],
]);

/** Names that are not the rules' to give: what the token itself says, and what others would understand as more than a claim. */
const reserved: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'], // RFC 7519 4.1
  ...['nameid', 'auth_time', 'authmethod'],
  ...['acr', 'amr', 'azp', 'nonce', 'at_hash', 'c_hash', 'sid', 'events'], // OpenID Connect Core 2, and of logout tokens
  ...['act', 'may_act', 'client_id', 'scope', 'scp', 'cnf'], // RFC 8693 4, RFC 7800 3.1
]);

/** The claims of a JSON Web Token (RFC 7519 4): what the token says itself, and what the rules issued. */
export function jwtClaims(token: UnsignedToken): Record<string, unknown> {
  const { nameId, actors = [] } = token;
  return {
    ...ruleClaims(token.claims),
    iss: token.issuer,
    aud: token.audience,
    iat: secondsOf(token.issueInstant),
    nbf: secondsOf(token.notBefore),
    exp: secondsOf(token.notOnOrAfter),
    jti: token.id,
    sub: nameId.value,
    nameid: nameId.value,
    // OpenID Connect Core 2: in seconds, as programs other than Microsoft's read it.
    auth_time: secondsOf(token.authenticatedAt),
    authmethod: token.authenticationMethod,
    ...(actors.length > 0 && { act: actorOf(actors) }),
  };
}

/** One value alone, several in the order in which they were issued. */
function ruleClaims(claims: readonly Claim[]): Record<string, string | string[]> {
  const named = Map.groupBy(claims, ({ type }) => shortNames.get(type) ?? type);
  return Object.fromEntries(
    [...named]
      .filter(([name]) => !reserved.has(name))
      .map(([name, found]) => {
        const values = [...new Set(found.map(({ value }) => value))];
        const [only = ''] = values;
        return [name, values.length === 1 ? only : values];
      }),
  );
}

/** RFC 8693 4.1: who acts now, and inside who acted before. */
function actorOf([sub, ...before]: readonly string[]): object {
  return { sub, ...(before.length > 0 && { act: actorOf(before) }) };
}

function secondsOf(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
