import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import { keepAnAdministrator } from './administrators.ts';
import type { Attributes, DirectoryObject, ObjectKind, ObjectKindDefinition } from './attribute.ts';
import { refuse } from './errors.ts';
import { auditedObject, getObjectToChange } from './objects.ts';
import type { DirectoryStores } from './store.ts';
import { checkUserDomains } from './user-names.ts';

/** Days for which a deleted object can be restored. */
const restorableDays = 30;

type Stores = Pick<DirectoryStores, 'objects' | 'directoryRoles' | 'tenants'> & { audit: AuditStore };

/** What must still be true of an object that comes back. */
const restoreRules: Partial<
  Record<ObjectKind, (stores: Stores, tenantId: string, attributes: Attributes) => Promise<void>>
> = { user: (stores, tenantId, attributes) => checkUserDomains(stores, tenantId, [attributes]) };

/**
 * Puts an object into the deleted items. Its names become free, and whoever trusted it no longer finds it.
 * @throws Refusal `directory.object_not_found`, `directory.changed_meanwhile`, `directory.last_administrator`
 */
export async function deleteObject(
  stores: Stores,
  act: Act,
  kind: ObjectKindDefinition,
  id: string,
  ifVersion?: number,
): Promise<void> {
  const before = await getObjectToChange(stores, act.tenantId, kind, id, ifVersion);
  await keepAnAdministrator(stores, act.tenantId, id);
  const after = { ...before, deletedAt: act.now, version: before.version + 1 };
  await stores.objects.setDeleted(act.tenantId, before, after);
  await stores.audit.append([auditEvent(act, `${kind.kind}.delete`, auditedObject(kind, before))]);
}

/**
 * Takes an object out of the deleted items, with the memberships that it had.
 * @throws Refusal `directory.object_not_found`, `directory.object_not_deleted`, `directory.name_taken`,
 *   `directory.domain_not_verified`, `directory.group_cycle` when groups were nested meanwhile so that it would contain
 *   itself
 */
export async function restoreObject(
  stores: Stores,
  act: Act,
  kind: ObjectKindDefinition,
  id: string,
): Promise<DirectoryObject> {
  const before = await getDeletedObject(stores, act.tenantId, kind, id);
  await restoreRules[kind.kind]?.(stores, act.tenantId, before.attributes);
  const after = { ...before, deletedAt: null, modifiedAt: act.now, version: before.version + 1 };
  await stores.objects.setDeleted(act.tenantId, before, after);
  await stores.audit.append([auditEvent(act, `${kind.kind}.restore`, auditedObject(kind, after))]);
  return after;
}

/**
 * Removes a deleted object for good.
 * @throws Refusal `directory.object_not_found`, `directory.object_not_deleted`
 */
export async function purgeObject(stores: Stores, act: Act, kind: ObjectKindDefinition, id: string): Promise<void> {
  const object = await getDeletedObject(stores, act.tenantId, kind, id);
  await stores.objects.purge(act.tenantId, object, act.now);
  await stores.audit.append([auditEvent(act, `${kind.kind}.purge`, auditedObject(kind, object))]);
}

/**
 * Removes objects of all tenants for good that were deleted more than 30 days ago: a job repeats it until it returns 0.
 *
 * @param act    of the system; each event goes to the tenant of its object
 * @param kinds  the definitions of all kinds
 * @param limit  most objects of one transaction
 */
export async function purgeExpired(
  stores: Stores,
  act: Omit<Act, 'tenantId'>,
  kinds: readonly ObjectKindDefinition[],
  limit: number,
): Promise<number> {
  const before = new Date(act.now.getTime() - restorableDays * 24 * 60 * 60 * 1000);
  const expired = await stores.objects.listDeletedBefore(before, limit);
  for (const { tenantId, object } of expired) {
    const kind = kinds.find((definition) => definition.kind === object.kind);
    if (!kind) throw new Error(`No definition of ${object.kind} was given.`);
    await stores.objects.purge(tenantId, object, act.now);
    await stores.audit.append([auditEvent({ ...act, tenantId }, `${kind.kind}.purge`, auditedObject(kind, object))]);
  }
  return expired.length;
}

async function getDeletedObject(
  stores: Stores,
  tenantId: string,
  { kind }: ObjectKindDefinition,
  id: string,
): Promise<DirectoryObject> {
  const object = await stores.objects.findToChange(tenantId, id);
  if (object?.kind !== kind) throw refuse('directory.object_not_found', { kind, id });
  if (!object.deletedAt) throw refuse('directory.object_not_deleted', { kind, id });
  return object;
}
