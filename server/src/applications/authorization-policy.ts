import type { Act, AuditStore } from '../audit/index.ts';
import { type DirectoryStores, type Tenant, updateTenant } from '../directory/index.ts';
import { refuse } from './errors.ts';
import { microsoftGraphAppId } from './first-party/first-party.ts';
import type { PermissionScope } from './permission.ts';
import type { ServicePrincipal } from './service-principal.ts';

/** To what users may consent for themselves, under Microsoft Graph's names for the policies. */
const consentPolicies = {
  'ManagePermissionGrantsForSelf.microsoft-user-default-legacy': 'all',
  'ManagePermissionGrantsForSelf.microsoft-user-default-low': 'low',
} as const;

/** What a tenant lets its users do (https://learn.microsoft.com/graph/api/resources/authorizationpolicy). */
export interface AuthorizationPolicy {
  /** Empty: users may consent to nothing. */
  permissionGrantPoliciesAssigned: readonly string[];
  /** Every user may register applications. */
  allowedToCreateApps: boolean;
}

export function authorizationPolicyOf({ settings }: Pick<Tenant, 'settings'>): AuthorizationPolicy {
  const { userConsent = 'all', usersMayCreateApps = false } = settings.authorization ?? {};
  const assigned = Object.entries(consentPolicies).filter(([, means]) => means === userConsent);
  return { permissionGrantPoliciesAssigned: assigned.map(([name]) => name), allowedToCreateApps: usersMayCreateApps };
}

/** @throws Refusal `applications.consent_policy_unknown` */
export async function changeAuthorizationPolicy(
  stores: Pick<DirectoryStores, 'tenants'> & { audit: AuditStore },
  act: Act,
  { permissionGrantPoliciesAssigned: assigned, allowedToCreateApps }: Partial<AuthorizationPolicy>,
): Promise<void> {
  const tenant = await stores.tenants.find(act.tenantId);
  const authorization = {
    ...tenant?.settings.authorization,
    ...(assigned && { userConsent: userConsentOf(assigned) }),
    ...(allowedToCreateApps !== undefined && { usersMayCreateApps: allowedToCreateApps }),
  };
  await updateTenant(stores, act, { settings: { authorization } });
}

function userConsentOf(assigned: readonly string[]): 'all' | 'low' | 'none' {
  const meant = assigned.map((name) => consentPolicies[name as keyof typeof consentPolicies]);
  const unknown = assigned.find((_, index) => meant[index] === undefined);
  if (unknown !== undefined) {
    throw refuse('applications.consent_policy_unknown', {
      name: unknown,
      known: Object.keys(consentPolicies).join(', '),
    });
  }
  return meant.includes('all') ? 'all' : meant.includes('low') ? 'low' : 'none';
}

/** Of the permissions of Microsoft Graph, what a client learns of whoever signs in there anyway. */
const lowImpact = new Set(['User.Read', 'openid', 'profile', 'email', 'offline_access']);

/** Whether a user may consent to the permission, where the tenant says so and nobody but administrators must. */
export function mayUserConsent(
  { settings }: Pick<Tenant, 'settings'>,
  resource: ServicePrincipal,
  { type, value }: PermissionScope,
): boolean {
  if (type !== 'User') return false;
  const { userConsent = 'all' } = settings.authorization ?? {};
  if (userConsent !== 'low') return userConsent === 'all';
  return resource.attributes.appId === microsoftGraphAppId && lowImpact.has(value);
}
