/** An endpoint, under the provider's name for it. */
export type EndpointName =
  | 'authorization'
  | 'token'
  | 'userinfo'
  | 'jwks'
  | 'device_authorization'
  | 'code_verification'
  | 'end_session'
  | 'introspection'
  | 'revocation'
  | 'pushed_authorization_request'
  | 'registration';

/** One form in which issuers and the addresses of their endpoints are written. */
export interface IssuerForm {
  /** What stands before the paths below: `/:tenant`, or `/:tenant/:policy`. */
  prefix: string;
  /** The issuer for whoever asks at this origin; `policy` is the name of the flow, empty where the address names none. */
  issuer(origin: string, tenantId: string, policy: string): string;
  /** Path of the metadata (OpenID Connect Discovery 4.1). */
  discovery: string;
  /** Paths of the endpoints that there are. */
  endpoints: Readonly<Record<EndpointName, string>>;
}

const endpoints: IssuerForm['endpoints'] = {
  authorization: '/oauth2/v2.0/authorize',
  token: '/oauth2/v2.0/token',
  userinfo: '/openid/v2.0/userinfo',
  jwks: '/discovery/v2.0/keys',
  device_authorization: '/oauth2/v2.0/devicecode',
  code_verification: '/oauth2/v2.0/deviceauth',
  end_session: '/oauth2/v2.0/logout',
  introspection: '/oauth2/v2.0/introspect',
  revocation: '/oauth2/v2.0/revoke',
  pushed_authorization_request: '/oauth2/v2.0/par',
  registration: '/oauth2/v2.0/register',
};

/** The issuer of a tenant: `https://hub/<tenant id>/v2.0`, whatever name of the tenant the address has. */
export const tenantForm: IssuerForm = {
  prefix: '/:tenant',
  issuer: (origin, tenantId) => `${origin}/${tenantId}/v2.0`,
  discovery: '/v2.0/.well-known/openid-configuration',
  endpoints,
};
