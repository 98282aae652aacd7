import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import {
  type DirectoryObject,
  type DirectoryStores,
  getObjectToChange,
  identityName,
  isIdentity,
  type ObjectIdentity,
  updateUser,
  userKind,
} from '../directory/index.ts';

type Stores = DirectoryStores & { audit: AuditStore };
type Identity = { [Name in keyof ObjectIdentity]: string };

/** The identities of a user. */
export function identitiesOf({ attributes }: DirectoryObject): Identity[] {
  const { identities } = attributes;
  return Array.isArray(identities) ? identities.filter(isIdentity) : [];
}

/**
 * Gives a user an identity at a provider. Whoever calls it has proof of both sides.
 * @throws Refusal `directory.name_taken` when it is somebody else's, and as `updateUser`
 */
export async function linkIdentity(
  stores: Stores,
  act: Act,
  userId: string,
  { signInType, issuer, issuerAssignedId }: ObjectIdentity,
): Promise<DirectoryObject> {
  const identity = { signInType, issuer, issuerAssignedId };
  const before = await getObjectToChange(stores, act.tenantId, userKind, userId);
  const linked = await updateUser(stores, act, userId, { identities: [...identitiesOf(before), identity] });
  await stores.audit.append([auditEvent(act, 'user.link_identity', audited(before), [{ property, after: identity }])]);
  return linked;
}

/**
 * Takes an identity away from a user, which others may wait to change.
 * @throws as `updateUser`
 */
export async function unlinkIdentity(stores: Stores, act: Act, userId: string, identity: Identity): Promise<void> {
  const before = await getObjectToChange(stores, act.tenantId, userKind, userId);
  const kept = identitiesOf(before).filter((other) => identityName(other) !== identityName(identity));
  await updateUser(stores, act, userId, { identities: kept });
  const changes = [{ property, before: identity }];
  await stores.audit.append([auditEvent(act, 'user.unlink_identity', audited(before), changes)]);
}

const property = 'identity';

function audited({ id, attributes }: DirectoryObject) {
  return { kind: 'user', id, name: String(attributes['userPrincipalName'] ?? '') };
}
