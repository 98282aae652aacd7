import type { DirectoryObject, DirectoryStores, PasswordCredential } from '../directory/index.ts';

export interface TrustedUser {
  user: DirectoryObject;
  password: PasswordCredential | undefined;
}

/**
 * The user, if what was proven at that time still counts: the user is there and enabled, nobody has revoked the sessions
 * since, and the password is still the same. Whoever relies on an earlier sign-in (a session, a refresh token) asks this.
 */
export async function findTrustedUser(
  stores: Pick<DirectoryStores, 'objects' | 'passwords'>,
  tenantId: string,
  userId: string,
  provenAt: Date,
): Promise<TrustedUser | undefined> {
  const user = await stores.objects.find(tenantId, userId);
  if (user?.kind !== 'user' || user.attributes['accountEnabled'] !== true) return undefined;
  const revokedAt = user.attributes['signInSessionsValidFromDateTime'];
  if (typeof revokedAt === 'string' && provenAt < new Date(revokedAt)) return undefined;
  const password = await stores.passwords.find(tenantId, userId);
  return password && provenAt < password.changedAt ? undefined : { user, password };
}
