import type { ServicePrincipal } from '../../applications/index.ts';
import type { DirectoryObject } from '../../directory/index.ts';
import type { OAuthCall } from './call.ts';

/** What an ID token is about. */
export interface IdTokenFacts {
  call: OAuthCall;
  clientId: string;
  user: DirectoryObject | undefined;
  /** When the person proved to be there, in seconds. */
  authTime: number | undefined;
}

/** What an access token is about. */
export interface AccessTokenFacts {
  call: OAuthCall;
  client: { appId: string; servicePrincipalId: string };
  /** Undefined when the client acts for nobody but itself. */
  user: DirectoryObject | undefined;
  resource: ServicePrincipal | undefined;
  scopes: readonly string[];
  /** Values of the app roles that the user, or the client, holds at the resource. */
  roles: readonly string[];
}

export type Claims = Readonly<Record<string, unknown>>;

/** What tokens say. The standards' own claims are there already; a dialect may add to them and change them. */
export interface TokenClaims {
  /** `aud` of access tokens for a resource that was asked for under this name. */
  audience(call: OAuthCall, resource: ServicePrincipal, asked: string): string;
  idToken(claims: Claims, facts: IdTokenFacts): Claims;
  accessToken(claims: Claims, facts: AccessTokenFacts): Claims;
}

/** RFC 9068 2.2 and OIDC Core 2, and nothing else. */
export const standardTokenClaims: TokenClaims = {
  // RFC 9068 3: the resource that the request names.
  audience: (_call, _resource, asked) => asked,
  idToken: (claims) => claims,
  // RFC 9068 2.2.3.1
  accessToken: (claims, { roles }) => (roles.length > 0 ? { ...claims, roles } : claims),
};
