import type { Attributes } from './attribute.ts';
import { isIdentity, type ObjectIdentity } from './identity.ts';

/** The first name of this tenant, besides the user principal name, under which a user signs in. */
export function localIdentityOf({ identities }: Attributes): ObjectIdentity | undefined {
  const all = Array.isArray(identities) ? identities.filter(isIdentity) : [];
  return all.find(({ signInType }) => signInType !== 'federated');
}

/**
 * The one name by which others know the user: what a local account signs in with, whose user principal name is made up;
 * else the user principal name.
 */
export function userNameOf(attributes: Attributes): string {
  return localIdentityOf(attributes)?.issuerAssignedId ?? String(attributes['userPrincipalName']);
}
