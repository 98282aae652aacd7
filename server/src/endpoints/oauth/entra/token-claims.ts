import type { DirectoryObject } from '../../../directory/index.ts';
import type { OAuthCall } from '../call.ts';
import { standardClaims } from '../standard-claims.ts';
import type { AccessTokenFacts, Claims, TokenClaims } from '../token-claims.ts';
import { applicationClaims, withoutProfile } from './application-claims.ts';

/**
 * Claims of Entra's tokens (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference) and, for
 * requests that name a policy, of Azure AD B2C's (https://learn.microsoft.com/azure/active-directory-b2c/tokens-overview).
 *
 * @param version  of the endpoints at which the client asks
 */
export function entraTokenClaims(version: 1 | 2): TokenClaims {
  return version === 1 ? firstVersion : secondVersion;
}

const secondVersion: TokenClaims = {
  // Interop: applications for Azure AD B2C compare `aud` with the API's application id, others with the requested name.
  audience: (call, resource, asked) =>
    call.flow.name !== '' || resource.attributes.requestedAccessTokenVersion === 2
      ? resource.attributes.appId
      : (call.askedNames.get(resource.id) ?? asked),

  idToken: (claims, { call, user, authTime }) => ({
    ...withoutProfile(claims),
    ...common(claims, call),
    // Interop: Azure AD B2C says it without being asked (OIDC Core 2 leaves that open).
    ...(call.flow.name !== '' && { auth_time: authTime }),
    ...(user && { oid: user.id, ...applicationClaims(call.flow, user) }),
  }),

  accessToken: (claims, facts) => inVersion(2, claims, facts),
};

function accessTokenClaims(
  { scope, ...claims }: Claims,
  { call, client, user, scopes, roles }: AccessTokenFacts,
): Claims {
  return {
    ...claims,
    ...common(claims, call),
    azp: client.appId,
    ...(user
      ? { oid: user.id, scp: scopes.join(' '), idtyp: 'user', ...about(call, user) }
      : { oid: client.servicePrincipalId, idtyp: 'app' }),
    ...(roles.length > 0 && { roles }),
  };
}

/** The same with the names that the first version had for them. */
const firstVersion: TokenClaims = {
  ...secondVersion,
  idToken: (claims, facts) => ({ ...secondVersion.idToken(claims, facts), ...firstNames(facts.user) }),
  accessToken: (claims, facts) => inVersion(1, claims, facts),
};

/** An access token for an API that says which version it takes is of that, wherever the client asks. */
function inVersion(ofEndpoint: 1 | 2, claims: Claims, facts: AccessTokenFacts): Claims {
  const { call, client, user, resource } = facts;
  const wanted = call.flow.name === '' ? resource?.attributes.requestedAccessTokenVersion : undefined;
  const version = wanted ?? ofEndpoint;
  const { origin } = call.request.url;
  const issuer = `${origin}/${call.tenant.id}/${version === 1 ? '' : 'v2.0'}`;
  return {
    ...accessTokenClaims(claims, facts),
    ...(version === 1 && { appid: client.appId, ...firstNames(user) }),
    ...(wanted !== undefined && wanted !== ofEndpoint && { iss: issuer }),
  };
}

function firstNames(user: DirectoryObject | undefined): Claims {
  const upn = user?.attributes['userPrincipalName'];
  return { ver: '1.0', ...(upn !== undefined && { upn, unique_name: upn }) };
}

function common(claims: Claims, { tenant, flow }: OAuthCall): Claims {
  return {
    tid: tenant.id,
    nbf: claims['iat'] ?? Math.floor(Date.now() / 1000),
    ver: flow.name === '' ? '2.0' : '1.0',
    ...(flow.name !== '' && { tfp: flow.name }),
  };
}

/** What access tokens say of people: to an API of Azure AD B2C the same as ID tokens. */
function about({ flow }: OAuthCall, user: DirectoryObject): Claims {
  if (flow.name !== '') return applicationClaims(flow, user);
  const { name, preferred_username } = standardClaims(user);
  return { name, preferred_username };
}
