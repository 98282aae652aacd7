/** What an access token says. */
export interface AccessToken {
  /** `jti` */
  id: string;
  /** `tid` */
  tenantId: string;
  /** `aud`: the resource that it is for, as the client named it. */
  audience: string;
  /** `azp` and `appid`: appId of the client. */
  clientId: string;
  /** `oid`: the user, or the client's own service principal when it acts for nobody. */
  subject: { kind: 'user' | 'application'; id: string };
  /** `name` and `preferred_username`, for people who read logs. */
  name: string | null;
  userPrincipalName: string | null;
  /** `scp`: delegated permissions. Empty without a user. */
  scopes: readonly string[];
  /** `roles`: app roles; for an application its own permissions. */
  roles: readonly string[];
  /** `wids`: template ids of the administrative roles that the user holds. */
  directoryRoleIds: readonly string[];
  issuedAt: Date;
  expiresAt: Date;
}

/** The `typ` of access tokens (RFC 9068 2.1), which tells them from every other token that the same key signs. */
export const accessTokenType = 'at+jwt';

/** The issuer of a tenant's tokens at an address of the hub, in the form of the v2.0 endpoints. */
export function issuerOf({ origin }: URL, tenantId: string): string {
  return `${origin}/${tenantId}/v2.0`;
}

/** Every form of the issuer under which a client of a tenant may have asked: v2.0, v1, and the one without a tenant. */
export function issuersOf(url: URL, tenantId: string): string[] {
  return [issuerOf(url, tenantId), `${url.origin}/${tenantId}/`, `${url.origin}/adfs`];
}
