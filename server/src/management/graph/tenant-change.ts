import type { Tenant, TenantSettings } from '../../directory/index.ts';
import { usualSignInRetentionDays } from '../../sign-in/index.ts';

/** What a body says about the settings of a tenant. */
interface TenantBody {
  name?: string | undefined;
  displayName?: string | undefined;
  auditRetentionDays?: number | null | undefined;
  signInRetentionDays?: number | null | undefined;
}

export function tenantChange({ name, displayName, auditRetentionDays, signInRetentionDays }: TenantBody) {
  const settings: TenantSettings = {
    ...(auditRetentionDays !== undefined && { auditRetentionDays }),
    ...(signInRetentionDays !== undefined && { signInRetentionDays }),
  };
  return { ...(name !== undefined && { name }), ...(displayName !== undefined && { displayName }), settings };
}

/** For how long the logs are kept, with what holds where the tenant has said nothing. */
export function retentionView({ settings }: Tenant) {
  const { auditRetentionDays = null, signInRetentionDays = usualSignInRetentionDays } = settings;
  return { auditRetentionDays, signInRetentionDays };
}
