import { type Act, type AuditChange, type AuditStore, auditEvent } from '../audit/index.ts';
import {
  type AttributeChange,
  type Attributes,
  type AttributeValue,
  type DirectoryObject,
  extensionPrefix,
  type ObjectKindDefinition,
} from './attribute.ts';
import { applyChange, checkAttributes } from './check-attributes.ts';
import { attributesOf, checkFilter, checkOrder } from './check-filter.ts';
import { refuse } from './errors.ts';
import type { Filter, ObjectQuery, Page } from './filter.ts';
import type { DirectoryStores, ExtensionProperty } from './store.ts';

/** What reading objects needs. */
export type ObjectReading = Pick<DirectoryStores, 'objects' | 'extensionProperties'>;
/** What writing objects needs. */
export type ObjectWriting = ObjectReading & { audit: AuditStore };

/**
 * The living object of this kind.
 * @throws Refusal `directory.object_not_found`
 */
export async function getObject(
  stores: Pick<DirectoryStores, 'objects'>,
  tenantId: string,
  { kind }: Pick<ObjectKindDefinition, 'kind'>,
  id: string,
): Promise<DirectoryObject> {
  const object = await stores.objects.find(tenantId, id);
  if (object?.kind !== kind) throw refuse('directory.object_not_found', { kind, id });
  return object;
}

/**
 * The living object of this kind, which nobody else changes until the transaction ends.
 *
 * @param ifVersion  the version on which the change is built, when that matters (the ETag of HTTP)
 * @throws Refusal `directory.object_not_found`, `directory.changed_meanwhile`
 */
export async function getObjectToChange(
  stores: Pick<DirectoryStores, 'objects'>,
  tenantId: string,
  { kind }: Pick<ObjectKindDefinition, 'kind'>,
  id: string,
  ifVersion?: number,
): Promise<DirectoryObject> {
  const object = await stores.objects.findToChange(tenantId, id);
  if (object?.kind !== kind || object.deletedAt) throw refuse('directory.object_not_found', { kind, id });
  if (ifVersion !== undefined && ifVersion !== object.version)
    throw refuse('directory.changed_meanwhile', { kind, id });
  return object;
}

/**
 * Objects that fit a query, after checking it against the definitions.
 * @throws Refusal `directory.attribute_unknown`, `directory.filter_invalid`, `directory.filter_too_complex`,
 *   `directory.order_invalid`
 */
export async function findObjects(
  stores: ObjectReading,
  tenantId: string,
  kind: ObjectKindDefinition,
  query: Omit<ObjectQuery, 'kind'>,
): Promise<Page<DirectoryObject>> {
  const { filter, orderBy } = query;
  const names = [...(filter ? attributesOf(filter) : []), ...(orderBy ? [orderBy.attribute] : [])];
  const extensions = await extensionsNamed(stores, tenantId, names);
  if (orderBy) checkOrder(kind, orderBy, extensions);
  const checked = filter && { filter: checkFilter(kind, filter, extensions) };
  return stores.objects.list(tenantId, { ...query, ...checked, kind: kind.kind });
}

/** How many objects fit; throws as `findObjects` does. */
export async function countObjects(
  stores: ObjectReading,
  tenantId: string,
  kind: ObjectKindDefinition,
  filter?: Filter,
): Promise<number> {
  if (!filter) return stores.objects.count(tenantId, kind.kind);
  const extensions = await extensionsNamed(stores, tenantId, attributesOf(filter));
  return stores.objects.count(tenantId, kind.kind, checkFilter(kind, filter, extensions));
}

/**
 * Makes an object of any kind. Users and groups have rules beyond their definitions: `createUser`, `createGroup`.
 * @throws Refusal as `createObjects`
 */
export async function createObject(
  stores: ObjectWriting,
  act: Act,
  kind: ObjectKindDefinition,
  attributes: AttributeChange,
): Promise<DirectoryObject> {
  return only(await createObjects(stores, act, kind, [{ id: act.newId(), attributes }]));
}

/** An object to be made. */
interface NewObject {
  id: string;
  attributes: AttributeChange;
}

/**
 * Makes objects of one kind, all of them or none; many cost few statements.
 * @throws Refusal `directory.attribute_unknown`, `directory.attribute_invalid`, `directory.object_too_large`,
 *   `directory.name_taken`
 */
export async function createObjects(
  stores: ObjectWriting,
  act: Act,
  kind: ObjectKindDefinition,
  wanted: readonly NewObject[],
): Promise<DirectoryObject[]> {
  const names = new Set(wanted.flatMap(({ attributes }) => Object.keys(attributes)));
  const extensions = await extensionsNamed(stores, act.tenantId, [...names]);
  const objects = wanted.map(
    ({ id, attributes }): DirectoryObject => ({
      id,
      kind: kind.kind,
      attributes: applyChange(kind, {}, checkAttributes(kind, attributes, extensions)),
      createdAt: act.now,
      modifiedAt: act.now,
      deletedAt: null,
      version: 1,
    }),
  );
  const events = objects.map((object) => {
    const changes = auditChanges({}, object.attributes);
    return auditEvent(act, `${kind.kind}.create`, auditedObject(kind, object), changes);
  });
  await stores.objects.insert(act.tenantId, objects, events);
  return objects;
}

/** What was made of one thing. */
export function only<Item>([item]: readonly Item[]): Item {
  if (item === undefined) throw new Error('Nothing was made.');
  return item;
}

/**
 * Changes an object of any kind that was read by `getObjectToChange`, and returns its new state. A change that changes
 * nothing is not written.
 *
 * @param also  changes beyond the attributes, for the audit event; and its verb in place of `update`
 * @throws as `createObject`
 */
export async function changeObject(
  stores: ObjectWriting,
  act: Act,
  kind: ObjectKindDefinition,
  before: DirectoryObject,
  change: AttributeChange,
  also: { verb?: string; changes?: readonly AuditChange[] } = {},
): Promise<DirectoryObject> {
  const attributes = await changedAttributes(stores, act.tenantId, kind, before.attributes, change);
  const { verb = 'update', changes: otherChanges = [] } = also;
  const changes = [...auditChanges(before.attributes, attributes), ...otherChanges];
  if (changes.length === 0) return before;
  const after = { ...before, attributes, modifiedAt: act.now, version: before.version + 1 };
  const event = auditEvent(act, `${kind.kind}.${verb}`, auditedObject(kind, after), changes);
  await stores.objects.update(act.tenantId, before, after, [event]);
  return after;
}

/** How audit events name an object. */
export function auditedObject({ kind, nameAttribute }: ObjectKindDefinition, { id, attributes }: DirectoryObject) {
  const name = attributes[nameAttribute];
  return { kind, id, name: typeof name === 'string' ? name : null };
}

async function changedAttributes(
  stores: ObjectReading,
  tenantId: string,
  kind: ObjectKindDefinition,
  before: Attributes,
  change: AttributeChange,
): Promise<Attributes> {
  const extensions = await extensionsNamed(stores, tenantId, Object.keys(change));
  return applyChange(kind, before, checkAttributes(kind, change, extensions));
}

/** The tenant's own attributes, when one of the names can be one. */
async function extensionsNamed(
  stores: ObjectReading,
  tenantId: string,
  names: readonly string[],
): Promise<ExtensionProperty[]> {
  const isNeeded = names.some((name) => name.startsWith(extensionPrefix));
  return isNeeded ? stores.extensionProperties.list(tenantId) : [];
}

function auditChanges(before: Attributes, after: Attributes): AuditChange[] {
  const properties = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return properties
    .filter((property) => !isSame(before[property], after[property]))
    .map((property) => ({ property, before: before[property], after: after[property] }));
}

/** Both are JSON that the same checks wrote, so equal values are written alike. */
function isSame(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
