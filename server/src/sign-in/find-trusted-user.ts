import type { DirectoryObject, DirectoryStores, PasswordCredential } from '../directory/index.ts';

export interface TrustedUser {
  user: DirectoryObject;
  password: PasswordCredential | undefined;
}

type Reading = Pick<DirectoryStores, 'objects' | 'passwords'>;

/**
 * The user, if what was proven at that time still counts: the user is there and enabled, nobody has revoked the sessions
 * since, and the password is still the same. Whoever relies on an earlier sign-in (a session, a refresh token) asks this.
 */
export async function findTrustedUser(
  stores: Reading,
  tenantId: string,
  userId: string,
  provenAt: Date,
): Promise<TrustedUser | undefined> {
  const user = await findEnabledUser(stores, tenantId, userId, provenAt);
  const password = user && (await stores.passwords.find(tenantId, userId));
  return user && !(password && provenAt < password.changedAt) ? { user, password } : undefined;
}

/** The same for those who need nothing of the password: both reads can be remembered. */
export async function findUserOfToken(
  stores: Reading,
  tenantId: string,
  userId: string,
  provenAt: Date,
): Promise<DirectoryObject | undefined> {
  const user = await findEnabledUser(stores, tenantId, userId, provenAt);
  const changedAt = user && (await stores.passwords.findChangedAt(tenantId, userId));
  return changedAt && provenAt < changedAt ? undefined : user;
}

async function findEnabledUser({ objects }: Reading, tenantId: string, userId: string, provenAt: Date) {
  const user = await objects.find(tenantId, userId);
  if (user?.kind !== 'user' || user.attributes['accountEnabled'] !== true) return undefined;
  const revokedAt = user.attributes['signInSessionsValidFromDateTime'];
  return typeof revokedAt === 'string' && provenAt < new Date(revokedAt) ? undefined : user;
}
