import { type IssuerForm, tenantForm } from '../issuer-form.ts';

/**
 * Interop: Azure AD B2C clients put the policy into the path, and all policies of a tenant share one issuer, which ends in
 * a slash.
 */
export const policyForm: IssuerForm = {
  ...tenantForm,
  prefix: '/:tenant/:policy',
  issuer: (origin, tenantId) => `${origin}/${tenantId}/v2.0/`,
};
