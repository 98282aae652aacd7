import type { Act, AuditStore } from '../audit/index.ts';
import { type DirectoryStores, type Tenant, updateTenant } from '../directory/index.ts';

/** What a tenant decides about all its SCIM clients. */
export interface ScimSettings {
  /**
   * What it means that a client deletes a user. `delete`: it goes to the deleted items, from where it can be restored.
   * `deactivate`: it stays and can no longer sign in.
   */
  userDeletion: 'delete' | 'deactivate';
}

export function scimSettingsOf({ settings }: Pick<Tenant, 'settings'>): ScimSettings {
  return { userDeletion: settings.scimUserDeletion ?? 'delete' };
}

export async function changeScimSettings(
  stores: Pick<DirectoryStores, 'tenants'> & { audit: AuditStore },
  act: Act,
  change: { userDeletion?: ScimSettings['userDeletion'] | undefined },
): Promise<ScimSettings> {
  const settings = change.userDeletion === undefined ? {} : { scimUserDeletion: change.userDeletion };
  return scimSettingsOf(await updateTenant(stores, act, { settings }));
}
