import type { DirectoryObject } from '../../../directory/index.ts';
import type { OAuthCall } from '../call.ts';
import { provenEmail, standardClaims } from '../standard-claims.ts';
import type { Claims, TokenClaims } from '../token-claims.ts';

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
    call.flow.name === '' ? (call.askedNames.get(resource.id) ?? asked) : resource.attributes.appId,

  idToken: (claims, { call, user }) => ({ ...claims, ...common(claims, call), ...about(call, user) }),

  accessToken: ({ scope, ...claims }, { call, client, user, scopes, roles }) => ({
    ...claims,
    ...common(claims, call),
    azp: client.appId,
    ...(user
      ? { oid: user.id, scp: scopes.join(' '), idtyp: 'user', ...names(call, user) }
      : { oid: client.servicePrincipalId, idtyp: 'app' }),
    ...(user && call.flow.name !== '' && emails(user)),
    ...(roles.length > 0 && { roles }),
  }),
};

/** The same with the names that the first version had for them. */
const firstVersion: TokenClaims = {
  ...secondVersion,
  idToken: (claims, facts) => ({ ...secondVersion.idToken(claims, facts), ...firstNames(facts.user) }),
  accessToken: (claims, facts) => ({
    ...secondVersion.accessToken(claims, facts),
    appid: facts.client.appId,
    ...firstNames(facts.user),
  }),
};

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

function about(call: OAuthCall, user: DirectoryObject | undefined): Claims {
  if (!user) return {};
  const { given_name, family_name } = standardClaims(user);
  const people = { oid: user.id, ...names(call, user), given_name, family_name };
  return call.flow.name === '' ? people : { ...people, ...emails(user) };
}

/** Customers sign in with addresses of their own, which applications for Azure AD B2C read from `emails`. */
function names({ flow }: OAuthCall, user: DirectoryObject): Claims {
  const { name, preferred_username } = standardClaims(user);
  return flow.name === '' ? { name, preferred_username } : { name };
}

/** Interop: Azure AD B2C gives the addresses as a list. */
function emails(user: DirectoryObject): Claims {
  const email = provenEmail(user) ?? user.attributes['mail'];
  return email === undefined ? {} : { emails: [email] };
}
