import { seedFirstPartyApplications } from '../applications/index.ts';
import type { Act } from '../audit/index.ts';
import {
  assignDirectoryRole,
  createTenant,
  createUser,
  directoryRoles,
  getTenant,
  type PasswordHasher,
  passwordPolicyOf,
  preparePassword,
} from '../directory/index.ts';
import { newId } from '../new-id.ts';
import { Refusal } from '../refusal.ts';
import { environmentName, SettingsError } from '../settings/index.ts';
import { finishSetup } from '../setup/index.ts';
import type { Storage } from '../storage/index.ts';

/** Name and first part of the initial domain of the hub's own tenant. */
const hubName = 'countersign';

/**
 * The id of the tenant whose administrators manage the hub, made at the first start. Processes that start at once make one.
 *
 * @param wantsDemo  whether the demo tenants become due when this call makes it
 */
export async function foundHub(
  storage: Storage,
  actIn: (tenantId: string) => Act,
  wantsDemo: boolean,
): Promise<string> {
  const known = await storage.read.setup.hubTenantId();
  if (known !== undefined) return known;
  return storage.write(async (stores) => {
    const act = actIn(newId());
    if (!(await stores.setup.keepHubTenantId(act.tenantId))) {
      return (await stores.setup.hubTenantId()) ?? '';
    }
    await createTenant(stores, act, { id: act.tenantId, name: hubName, displayName: 'Countersign' });
    await seedFirstPartyApplications(stores, act);
    if (wantsDemo) await stores.setup.setDemoDue(true);
    return act.tenantId;
  });
}

/** Name of the first administrator, which the settings can make and the start suggests. */
export const administratorName = `admin@${hubName}.onmicrosoft.com`;

/**
 * Makes the first administrator with the password of the settings, while there is none.
 *
 * @throws SettingsError when the password may not be used
 */
export async function makeFirstAdministrator(
  storage: Storage,
  act: Act,
  passwords: PasswordHasher,
  password: string,
): Promise<void> {
  if ((await storage.read.setup.finishedAt()) !== undefined) return;
  const attributes = { userPrincipalName: administratorName, displayName: 'Administrator' };
  const policy = passwordPolicyOf(await getTenant(storage.read, act.tenantId));
  const hash = await preparePassword(passwords, password, attributes, policy).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
    throw new SettingsError([`${environmentName('administratorPassword')}: ${error.message}`]);
  });
  await storage.write(async (stores) => {
    if ((await stores.setup.finishedAt()) !== undefined) return;
    await finishSetup(stores, act.now);
    const user = await createUser(stores, act, { ...attributes, accountEnabled: true }, { hash, mustChange: false });
    await assignDirectoryRole(stores, act, directoryRoles.globalAdministrator.id, user.id);
  });
}
