import { type Act, type AuditChange, type AuditStore, auditEvent } from '../audit/index.ts';
import { extensionPrefix } from './attribute.ts';
import { isStorable } from './check-attributes.ts';
import { refuse } from './errors.ts';
import type { DirectoryStores, ExtensionProperty } from './store.ts';

type Stores = Pick<DirectoryStores, 'extensionProperties'> & { audit: AuditStore };

export interface NewExtensionProperty
  extends Pick<ExtensionProperty, 'name' | 'dataType' | 'isMultiValued' | 'targetKinds'> {
  description?: string | null;
}

/** Longest description, in characters. */
const longestDescription = 1024;

/**
 * Declares an attribute of the tenant's own, in the name of an application. Afterwards it can be set and searched like
 * any other, under its full name.
 *
 * @param application  object id and appId of the application
 * @param wanted       its name is the last part of the full name: letters, digits and underscores
 * @throws Refusal `directory.extension_property_invalid`, `directory.extension_property_exists`
 */
export async function declareExtensionProperty(
  stores: Stores,
  act: Act,
  application: { id: string; appId: string },
  { name, dataType, isMultiValued, targetKinds, description = null }: NewExtensionProperty,
): Promise<ExtensionProperty> {
  if (!/^[A-Za-z]\w{0,99}$/.test(name)) throw invalid(name, 'must be up to 100 letters, digits and underscores');
  if (targetKinds.length === 0) throw invalid(name, 'must belong to at least one kind of object');
  checkDescription(name, description);
  const property: ExtensionProperty = {
    id: act.newId(),
    applicationId: application.id,
    name: `${extensionPrefix}${application.appId.replaceAll('-', '')}_${name}`,
    dataType,
    isMultiValued,
    targetKinds: [...new Set(targetKinds)],
    description,
    createdAt: act.now,
  };
  await stores.extensionProperties.insert(act.tenantId, property);
  await tell(stores, act, 'create', property);
  return property;
}

/**
 * Changes what is said about an attribute of the tenant's own.
 * @throws Refusal `directory.extension_property_invalid`
 */
export async function describeExtensionProperty(
  stores: Stores,
  act: Act,
  property: ExtensionProperty,
  description: string | null,
): Promise<void> {
  checkDescription(property.name, description);
  if (property.description === description) return;
  await stores.extensionProperties.describe(act.tenantId, property.id, description, act.now);
  await tell(stores, act, 'update', property, [
    { property: 'description', before: property.description, after: description },
  ]);
}

/**
 * Removes the declaration. Values stay in the objects, where nobody can set or search them any more.
 * @throws Refusal `directory.extension_property_not_found`
 */
export async function removeExtensionProperty(stores: Stores, act: Act, id: string): Promise<void> {
  const property = (await stores.extensionProperties.list(act.tenantId)).find((one) => one.id === id);
  if (!property) throw refuse('directory.extension_property_not_found', { id });
  await stores.extensionProperties.remove(act.tenantId, id, act.now);
  await tell(stores, act, 'delete', property);
}

function checkDescription(name: string, description: string | null): void {
  if (description !== null && (description.length > longestDescription || !isStorable(description))) {
    throw invalid(name, `must be described in at most ${longestDescription} characters without NUL`);
  }
}

function invalid(name: string, problem: string) {
  return refuse('directory.extension_property_invalid', { name: name.slice(0, 100), problem });
}

async function tell(
  stores: Stores,
  act: Act,
  verb: string,
  { id, name }: ExtensionProperty,
  changes: AuditChange[] = [],
): Promise<void> {
  const object = { kind: 'extensionProperty', id, name };
  await stores.audit.append([auditEvent(act, `extensionProperty.${verb}`, object, changes)]);
}
