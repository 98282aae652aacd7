import type { HttpRequest } from '../../http.ts';
import { type IssuerForm, tenantForm } from '../issuer-form.ts';
import { policyForm } from './forms.ts';

/** Interop: older clients for Azure AD B2C put the policy into the query, as `p`. It is read as if it stood in the path. */
export function withPolicyOfQuery(form: IssuerForm, request: HttpRequest): { form: IssuerForm; request: HttpRequest } {
  const policy = request.url.searchParams.get('p');
  if (form !== tenantForm || !policy) return { form, request };
  const url = new URL(request.url);
  const [, tenant = '', ...rest] = url.pathname.split('/');
  url.pathname = ['', tenant, encodeURIComponent(policy), ...rest].join('/');
  url.searchParams.delete('p');
  return { form: policyForm, request: { ...request, url, parameters: { ...request.parameters, policy } } };
}
