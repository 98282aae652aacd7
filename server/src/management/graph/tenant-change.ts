import type { Tenant, TenantSettings } from '../../directory/index.ts';
import { usualProvisioningRetentionDays } from '../../provisioning/index.ts';
import { usualSignInRetentionDays } from '../../sign-in/index.ts';

/** What a body says about the settings of a tenant. */
interface TenantBody {
  name?: string | undefined;
  displayName?: string | undefined;
  auditRetentionDays?: number | null | undefined;
  signInRetentionDays?: number | null | undefined;
  provisioningRetentionDays?: number | null | undefined;
}

export function tenantChange(body: TenantBody) {
  const { name, displayName, auditRetentionDays, signInRetentionDays, provisioningRetentionDays } = body;
  const settings: TenantSettings = {
    ...(auditRetentionDays !== undefined && { auditRetentionDays }),
    ...(signInRetentionDays !== undefined && { signInRetentionDays }),
    ...(provisioningRetentionDays !== undefined && { provisioningRetentionDays }),
  };
  return { ...(name !== undefined && { name }), ...(displayName !== undefined && { displayName }), settings };
}

/** For how long the logs are kept, with what holds where the tenant has said nothing. */
export function retentionView({ settings }: Tenant) {
  const {
    auditRetentionDays = null,
    signInRetentionDays = usualSignInRetentionDays,
    provisioningRetentionDays = usualProvisioningRetentionDays,
  } = settings;
  return { auditRetentionDays, signInRetentionDays, provisioningRetentionDays };
}
