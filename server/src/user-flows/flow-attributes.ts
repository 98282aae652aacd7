import { applicationKind, registerApplication } from '../applications/index.ts';
import type { Act } from '../audit/index.ts';
import {
  type AttributeDefinition,
  type DirectoryStores,
  declareExtensionProperty,
  describeExtensionProperty,
  type ExtensionProperty,
  findObjects,
  type ObjectWriting,
  removeExtensionProperty,
  userKind,
} from '../directory/index.ts';
import { refuse } from './errors.ts';
import type { FlowStore } from './store.ts';

/** An attribute of users that flows can ask for. */
export interface FlowAttribute {
  /** Name in the directory. */
  name: string;
  type: 'string' | 'boolean' | 'integer' | 'dateTime';
  /** The declaration, of the tenant's own ones. */
  own: ExtensionProperty | null;
}

type Reading = Pick<DirectoryStores, 'extensionProperties'>;
type Writing = ObjectWriting & Pick<DirectoryStores, 'links'> & { flows: FlowStore };

/** Attributes that say nothing about rights, so that people may set them for themselves. */
const askable = [
  'ageGroup',
  'city',
  'companyName',
  'country',
  'displayName',
  'givenName',
  'jobTitle',
  'mobilePhone',
  'postalCode',
  'preferredLanguage',
  'state',
  'streetAddress',
  'surname',
] as const;

/** What tokens can say of a user besides single attributes: the proven addresses. */
const emailsClaim = 'emails';

const ownTypes: Readonly<Record<ExtensionProperty['dataType'], FlowAttribute['type'] | undefined>> = {
  String: 'string',
  Boolean: 'boolean',
  Integer: 'integer',
  LargeInteger: 'integer',
  DateTime: 'dateTime',
  Binary: undefined,
};

/** Every attribute that flows of the tenant can ask for. */
export async function listFlowAttributes({ extensionProperties }: Reading, tenantId: string): Promise<FlowAttribute[]> {
  const own = (await extensionProperties.list(tenantId)).map(ownAttribute).filter((one) => one !== undefined);
  return [...askable.map((name): FlowAttribute => ({ name, type: 'string', own: null })), ...own];
}

/** @throws Refusal `user-flows.attribute_not_found` */
export async function getFlowAttribute(stores: Reading, tenantId: string, name: string): Promise<FlowAttribute> {
  const found = (await listFlowAttributes(stores, tenantId)).find(
    (attribute) => attribute.name.toLowerCase() === name.toLowerCase(),
  );
  if (!found) throw refuse('user-flows.attribute_not_found', { name });
  return found;
}

/** Whether a flow can ask for it: a field holds one text. */
export function isAskable(name: string, extensions: readonly ExtensionProperty[]): boolean {
  return askable.some((one) => one === name) || extensions.some((own) => own.name === name && ownAttribute(own));
}

/** Whether tokens can say it. */
export function isClaimable(name: string, extensions: readonly ExtensionProperty[]): boolean {
  // First: the directory has `emails`, too, which nobody has proven.
  if (name === emailsClaim) return true;
  const definition = Object.hasOwn(userKind.attributes, name) ? userKind.attributes[name] : undefined;
  if (definition) return isSingle(definition);
  return extensions.some((own) => own.name === name && ownAttribute(own));
}

function isSingle({ type, isMultiValued }: AttributeDefinition): boolean {
  return !isMultiValued && ['string', 'boolean', 'integer', 'dateTime'].includes(type);
}

function ownAttribute(own: ExtensionProperty): FlowAttribute | undefined {
  const type = ownTypes[own.dataType];
  const isPossible = own.targetKinds.includes('user') && !own.isMultiValued;
  return type && isPossible ? { name: own.name, type, own } : undefined;
}

/**
 * Interop: Azure AD B2C declares attributes in the name of an application that is called so, and scripts look it up by the
 * beginning of this name.
 */
const extensionsApplication = 'b2c-extensions-app. Do not modify. Used by AADB2C for storing user data.';

/**
 * Declares an attribute of users for flows.
 * @throws Refusal `directory.extension_property_invalid`, `directory.extension_property_exists`
 */
export async function declareFlowAttribute(
  stores: Writing,
  act: Act,
  wanted: { name: string; dataType: ExtensionProperty['dataType']; description: string | null },
): Promise<FlowAttribute> {
  const filter = { op: 'eq', attribute: 'displayName', value: extensionsApplication } as const;
  const { items } = await findObjects(stores, act.tenantId, applicationKind, { filter, limit: 1 });
  const { id, attributes } =
    items[0] ?? (await registerApplication(stores, act, { displayName: extensionsApplication }));
  const application = { id, appId: String(attributes['appId']) };
  const settings = { isMultiValued: false, targetKinds: ['user' as const] };
  const own = await declareExtensionProperty(stores, act, application, { ...wanted, ...settings });
  return getFlowAttribute(stores, act.tenantId, own.name);
}

/** @throws Refusal `user-flows.attribute_not_found`, `user-flows.attribute_built_in` */
export async function describeFlowAttribute(
  stores: Writing,
  act: Act,
  name: string,
  description: string | null,
): Promise<void> {
  await describeExtensionProperty(stores, act, await getOwn(stores, act.tenantId, name), description);
}

/**
 * Removes an attribute of the tenant's own.
 * @throws Refusal `user-flows.attribute_not_found`, `user-flows.attribute_built_in`, `user-flows.attribute_in_use`
 */
export async function removeFlowAttribute(stores: Writing, act: Act, name: string): Promise<void> {
  const own = await getOwn(stores, act.tenantId, name);
  const user = (await stores.flows.list(act.tenantId)).find(
    ({ attributes, claims }) => attributes.some((asked) => asked.name === own.name) || claims.includes(own.name),
  );
  if (user) throw refuse('user-flows.attribute_in_use', { name: own.name, flow: user.name || 'staff' });
  await removeExtensionProperty(stores, act, own.id);
}

async function getOwn(stores: Reading, tenantId: string, name: string): Promise<ExtensionProperty> {
  const { own } = await getFlowAttribute(stores, tenantId, name);
  if (!own) throw refuse('user-flows.attribute_built_in', { name });
  return own;
}
