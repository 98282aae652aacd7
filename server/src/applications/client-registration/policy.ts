import type { Act, AuditStore } from '../../audit/index.ts';
import { type DirectoryStores, type Tenant, updateTenant } from '../../directory/index.ts';

/** Who may register clients (RFC 7591): nobody, who has an initial access token, or everybody. */
export const clientRegistrationModes = ['off', 'token', 'open'] as const;
export type ClientRegistrationMode = (typeof clientRegistrationModes)[number];

/** What a tenant decides about clients that register themselves. */
export interface ClientRegistrationPolicy {
  mode: ClientRegistrationMode;
  /** How many such clients there may be at a time. */
  mostClients: number;
}

export function clientRegistrationPolicyOf({ settings }: Pick<Tenant, 'settings'>): ClientRegistrationPolicy {
  return { mode: 'off', mostClients: 100, ...settings.clientRegistration };
}

export async function changeClientRegistrationPolicy(
  stores: Pick<DirectoryStores, 'tenants'> & { audit: AuditStore },
  act: Act,
  change: Partial<ClientRegistrationPolicy>,
): Promise<void> {
  const tenant = await stores.tenants.find(act.tenantId);
  const clientRegistration = { ...tenant?.settings.clientRegistration, ...change };
  await updateTenant(stores, act, { settings: { clientRegistration } });
}
