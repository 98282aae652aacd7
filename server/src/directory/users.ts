import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import { keepAnAdministrator } from './administrators.ts';
import type { AttributeChange, DirectoryObject } from './attribute.ts';
import { refuse } from './errors.ts';
import { auditedObject, changeObject, createObject, getObjectToChange } from './objects.ts';
import type { DirectoryStores } from './store.ts';
import { withoutStaleLists } from './typed-lists.ts';
import { userKind, userPrincipalNameSpace } from './user-kind.ts';
import { checkUserDomains, withoutOwnIdentity } from './user-names.ts';

type Stores = Pick<DirectoryStores, 'objects' | 'extensionProperties' | 'tenants' | 'passwords' | 'directoryRoles'> & {
  audit: AuditStore;
};

/** A password to be kept: what `preparePassword` made of it, and whether it must be changed at the next sign-in. */
export interface NewPassword {
  hash: string;
  mustChange: boolean;
}

const defaults: AttributeChange = { accountEnabled: true, userType: 'Member' };

/**
 * Makes a user. Without a user principal name it gets `<id>@<initial domain>`, as local accounts in Azure AD B2C do, if it
 * has an identity.
 *
 * @throws Refusal `directory.domain_not_verified`, and as `createObject`: of parallel calls with one name, one wins
 */
export async function createUser(
  stores: Stores,
  act: Act,
  attributes: AttributeChange,
  password?: NewPassword,
): Promise<DirectoryObject> {
  const id = act.newId();
  const given = withoutOwnIdentity({ ...defaults, ...attributes }, {});
  const named = given['identities'] && !given['userPrincipalName'] ? await madeUpName(stores, act.tenantId, id) : {};
  const user = { ...given, ...named, ...(password && passwordChangedAt(act)) };
  const created = await createObject(stores, act, userKind, user, id);
  await checkUserDomains(stores, act.tenantId, created.attributes);
  if (password) await stores.passwords.save(act.tenantId, id, { ...password, changedAt: act.now });
  return created;
}

/**
 * Changes a user, and the password if one is given.
 * @throws Refusal `directory.object_not_found`, `directory.domain_not_verified`, `directory.last_administrator`, and as
 *   `changeObject`
 */
export async function updateUser(
  stores: Stores,
  act: Act,
  id: string,
  change: AttributeChange,
  { password, ifVersion }: { password?: NewPassword; ifVersion?: number } = {},
): Promise<DirectoryObject> {
  const before = await getObjectToChange(stores, act.tenantId, userKind, id, ifVersion);
  if (change['accountEnabled'] === false) await keepAnAdministrator(stores, act.tenantId, id);
  const kept = withoutOwnIdentity(change, before.attributes);
  const changed = { ...withoutStaleLists(kept, before.attributes), ...(password && passwordChangedAt(act)) };
  const also = password ? { changes: [{ property: 'password' }] } : {};
  const after = await changeObject(stores, act, userKind, before, changed, also);
  await checkUserDomains(stores, act.tenantId, kept);
  if (password) await stores.passwords.save(act.tenantId, id, { ...password, changedAt: act.now });
  return after;
}

/**
 * Says whether a user must change the password at the next sign-in, which stays what it is until then.
 * @throws Refusal `directory.object_not_found`, `directory.password_missing`
 */
export async function setMustChangePassword(
  stores: Pick<Stores, 'objects' | 'passwords' | 'audit'>,
  act: Act,
  id: string,
  mustChange: boolean,
): Promise<void> {
  const user = await getObjectToChange(stores, act.tenantId, userKind, id);
  const credential = await stores.passwords.find(act.tenantId, id);
  if (!credential) throw refuse('directory.password_missing', { id });
  if (credential.mustChange === mustChange) return;
  await stores.passwords.save(act.tenantId, id, { ...credential, mustChange });
  const changes = [{ property: 'mustChangePassword', before: credential.mustChange, after: mustChange }];
  await stores.audit.append([auditEvent(act, 'user.update', auditedObject(userKind, user), changes)]);
}

/** A living user by id or user principal name: whatever has an @ is a name. */
export async function findUser(
  stores: Pick<DirectoryStores, 'objects'>,
  tenantId: string,
  idOrName: string,
): Promise<DirectoryObject | undefined> {
  const found = idOrName.includes('@')
    ? await stores.objects.findByName(tenantId, userPrincipalNameSpace, idOrName)
    : await stores.objects.find(tenantId, idOrName);
  return found?.kind === 'user' ? found : undefined;
}

function passwordChangedAt(act: Act): AttributeChange {
  return { lastPasswordChangeDateTime: act.now.toISOString() };
}

async function madeUpName(stores: Stores, tenantId: string, id: string): Promise<AttributeChange> {
  const tenant = await stores.tenants.find(tenantId);
  if (!tenant) throw refuse('directory.tenant_not_found', { tenant: tenantId });
  const initial = tenant.domains.find((domain) => domain.isInitial);
  return initial ? { userPrincipalName: `${id}@${initial.name}` } : {};
}
