import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import { keepAnAdministrator } from './administrators.ts';
import type { AttributeChange, DirectoryObject } from './attribute.ts';
import { refuse } from './errors.ts';
import { auditedObject, changeObject, createObjects, getObjectToChange, only } from './objects.ts';
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

/** A user to be made. */
export interface NewUser {
  attributes: AttributeChange;
  password?: NewPassword | undefined;
}

/** Makes a user. @throws Refusal as `createUsers` */
export async function createUser(
  stores: Stores,
  act: Act,
  attributes: AttributeChange,
  password?: NewPassword,
): Promise<DirectoryObject> {
  return only(await createUsers(stores, act, [{ attributes, password }]));
}

/**
 * Makes users, all of them or none; many cost few statements. Without a user principal name one gets
 * `<id>@<initial domain>`, as local accounts in Azure AD B2C do, if it has an identity.
 *
 * @throws Refusal `directory.domain_not_verified`, and as `createObjects`: of parallel calls with one name, one wins
 */
export async function createUsers(stores: Stores, act: Act, wanted: readonly NewUser[]): Promise<DirectoryObject[]> {
  const given = wanted.map(({ attributes, password }) => ({
    ...withoutOwnIdentity({ ...defaults, ...attributes }, {}),
    ...(password && passwordChangedAt(act)),
  }));
  const initial = given.some(isNameless) ? await initialDomain(stores, act.tenantId) : undefined;
  const named = given.map((attributes) => {
    const id = act.newId();
    const madeUp = initial !== undefined && isNameless(attributes) && { userPrincipalName: `${id}@${initial}` };
    return { id, attributes: { ...attributes, ...madeUp } };
  });
  const created = await createObjects(stores, act, userKind, named);
  await checkUserDomains(
    stores,
    act.tenantId,
    created.map(({ attributes }) => attributes),
  );
  for (const [place, { id }] of created.entries()) {
    const password = wanted[place]?.password;
    if (password) await stores.passwords.save(act.tenantId, id, { ...password, changedAt: act.now });
  }
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
  await checkUserDomains(stores, act.tenantId, [kept]);
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

/** Whether it signs in by an identity only, so that a name must be made up. */
function isNameless({ identities, userPrincipalName }: AttributeChange): boolean {
  return Boolean(identities) && !userPrincipalName;
}

async function initialDomain(stores: Stores, tenantId: string): Promise<string | undefined> {
  const tenant = await stores.tenants.find(tenantId);
  if (!tenant) throw refuse('directory.tenant_not_found', { tenant: tenantId });
  return tenant.domains.find(({ isInitial }) => isInitial)?.name;
}
