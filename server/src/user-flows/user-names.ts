import type { DirectoryObject } from '../directory/index.ts';
import { identitiesOf } from './find-account.ts';

/**
 * The name by which a user is recognised on a page: of a local account the one to sign in with, and of somebody from an
 * identity provider the e-mail address, if there is one.
 */
export function signInNameOf(user: DirectoryObject): string {
  const identities = identitiesOf(user);
  const local = identities.find(({ signInType }) => signInType !== 'federated');
  const mail = identities.length > 0 ? user.attributes['mail'] : undefined;
  return local?.issuerAssignedId ?? String(mail ?? user.attributes['userPrincipalName'] ?? '');
}

/** Where a user gets mail about the account; null when no address is known to be the user's. */
export function mailAddressOf(user: DirectoryObject): string | null {
  const local = identitiesOf(user).find(({ signInType }) => signInType === 'emailAddress');
  const mail = local?.issuerAssignedId ?? user.attributes['mail'];
  return typeof mail === 'string' ? mail : null;
}

/** Enough of an address to recognise one's own, and no more: `m•••@example.com`. */
export function maskedEmail(address: string): string {
  return address.replace(/^(.)[^@]*/u, '$1•••');
}
