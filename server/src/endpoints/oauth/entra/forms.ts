import { type EndpointName, type IssuerForm, tenantForm } from '../issuer-form.ts';

/**
 * Interop: Azure AD B2C clients put the policy into the path, and all policies of a tenant share one issuer, which ends in
 * a slash.
 */
export const policyForm: IssuerForm = {
  ...tenantForm,
  prefix: '/:tenant/:policy',
  issuer: (origin, tenantId) => `${origin}/${tenantId}/v2.0/`,
};

/**
 * Interop: strict clients for Azure AD B2C use the form whose issuer names the policy, so that metadata stands below its
 * issuer (OpenID Connect Discovery 4.3).
 */
export const strictPolicyForm: IssuerForm = {
  ...tenantForm,
  prefix: '/tfp/:tenant/:policy',
  issuer: (origin, tenantId, policy) => `${origin}/tfp/${tenantId}/${policy.toLowerCase()}/v2.0/`,
};

/** Interop: ADAL and other old clients ask at the first version of the endpoints, which knows `resource` and no scopes. */
export const firstForm: IssuerForm = {
  prefix: '/:tenant',
  issuer: (origin, tenantId) => `${origin}/${tenantId}/`,
  discovery: '/.well-known/openid-configuration',
  endpoints: Object.fromEntries(
    Object.entries(tenantForm.endpoints).map(([name, path]) => [name, path.replace('/v2.0', '')]),
  ) as Record<EndpointName, string>,
};

/** Interop: clients ask an authority whose path is `adfs` for no tenant; it is the host's. */
export const federationServiceForm: IssuerForm = {
  ...firstForm,
  prefix: '/adfs',
  issuer: (origin) => `${origin}/adfs`,
};

/** Whether the address is one of the endpoints' first version. */
export function isFirstVersion({ discovery }: IssuerForm): boolean {
  return discovery === firstForm.discovery;
}
