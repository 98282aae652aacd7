import {
  type DirectoryObject,
  type DirectoryStores,
  identityName,
  identitySpace,
  type ObjectIdentity,
  type Tenant,
  userPrincipalNameSpace,
} from '../directory/index.ts';
import type { AccountName } from './flow.ts';

type Stores = Pick<DirectoryStores, 'objects'>;

/** How a user is found by each kind of name. */
const lookUps: Readonly<
  Record<AccountName, (stores: Stores, tenant: Tenant, name: string) => Promise<DirectoryObject | undefined>>
> = {
  userPrincipalName: ({ objects }, tenant, name) => objects.findByName(tenant.id, userPrincipalNameSpace, name),
  emailAddress: (stores, tenant, name) => findLocalAccount(stores, tenant, 'emailAddress', name),
  userName: (stores, tenant, name) => findLocalAccount(stores, tenant, 'userName', name),
};

/** The living user whom a typed name means, by the kinds of names that a flow allows. */
export async function findAccount(
  stores: Stores,
  tenant: Tenant,
  kinds: readonly AccountName[],
  name: string,
): Promise<DirectoryObject | undefined> {
  for (const kind of kinds) {
    const user = await lookUps[kind](stores, tenant, name.trim());
    if (user?.kind === 'user') return user;
  }
  return undefined;
}

/** Names of local accounts are issued by the tenant's initial domain. */
export function localIdentity(
  tenant: Tenant,
  signInType: 'emailAddress' | 'userName',
  issuerAssignedId: string,
): ObjectIdentity {
  return {
    signInType,
    issuer: tenant.domains.find(({ isInitial }) => isInitial)?.name ?? tenant.name,
    issuerAssignedId,
  };
}

/** The identities of a user, as Microsoft Graph shows them. */
export function identitiesOf({ attributes }: DirectoryObject): ObjectIdentity[] {
  // The directory checks the form of what it keeps.
  return (attributes['identities'] ?? []) as unknown as ObjectIdentity[];
}

async function findLocalAccount(
  { objects }: Stores,
  tenant: Tenant,
  signInType: 'emailAddress' | 'userName',
  name: string,
): Promise<DirectoryObject | undefined> {
  const wanted = identityName(localIdentity(tenant, signInType, name));
  const user = await objects.findByName(tenant.id, identitySpace, wanted);
  // Both kinds of names share one set, so the user found may have it as the other kind.
  const isOfKind = (identity: ObjectIdentity) =>
    identity.signInType === signInType && identityName(identity) === wanted;
  return user && identitiesOf(user).some(isOfKind) ? user : undefined;
}
