import { ScimError } from '@countersign/scim';
import {
  type AttributeChange,
  type Attributes,
  type Filter,
  findObjects,
  fold,
  isUserPrincipalName,
  localIdentityOf,
  type Tenant,
  userKind,
  userNameOf,
} from '../../directory/index.ts';
import type { ScimStores } from './call.ts';

/**
 * The names that a user gets from SCIM's `userName`. A name in a domain of the tenant is the user principal name; any other
 * becomes a local account's, whose user principal name is made up.
 */
export function namesFor(
  { domains }: Pick<Tenant, 'domains'>,
  userName: string,
  before: { id: string; attributes: Attributes } | undefined,
): AttributeChange {
  const present = before && localIdentityOf(before.attributes);
  const domain = fold(userName.slice(userName.lastIndexOf('@') + 1));
  const isOurs = domains.some(({ name, verifiedAt }) => verifiedAt !== null && fold(name) === domain);
  if (!present && isOurs && isUserPrincipalName(userName)) return { userPrincipalName: userName };
  const initial = domains.find(({ isInitial }) => isInitial)?.name ?? '';
  const identity = {
    signInType: userName.includes('@') ? 'emailAddress' : 'userName',
    issuer: present?.issuer ?? initial,
    issuerAssignedId: userName,
  };
  const held = before?.attributes['identities'];
  const others = (Array.isArray(held) ? held : []).filter((item: unknown) => item !== present);
  const madeUp = before && !present ? { userPrincipalName: `${before.id}@${initial}` } : {};
  return { identities: [identity, ...others], ...madeUp };
}

/**
 * RFC 7643 4.1.1: no two users have one userName, without regard to case.
 * @param ownId  of the user that may have it already
 * @throws ScimError `uniqueness`
 */
export async function checkUserNamesAreFree(
  stores: ScimStores,
  tenantId: string,
  userNames: readonly string[],
  ownId?: string,
): Promise<void> {
  const seen = new Set<string>();
  for (const userName of userNames) {
    const folded = fold(userName);
    if (seen.has(folded)) throw taken(userName);
    seen.add(folded);
  }
  const filter: Filter = { op: 'in', attribute: 'userName', values: [...userNames] };
  const { items } = await findObjects(stores, tenantId, userKind, { filter, limit: 2 });
  const owner = items.find(({ id }) => id !== ownId);
  if (owner) throw taken(userNameOf(owner.attributes));
}

function taken(userName: string): ScimError {
  return new ScimError('uniqueness', `Another user has the userName ${JSON.stringify(userName)}.`);
}
