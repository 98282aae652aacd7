/**
 * The resource types of one tenant: the standard ones, and the attributes that the tenant declares itself as an extension of
 * them (RFC 7643 3.3). There they have the names that they have in the directory.
 */
import {
  type AttributeType,
  defineAttribute,
  type JsonObject,
  type ResourceType,
  type SchemaDefinition,
  standardSchemas,
} from '@countersign/scim';
import type { AttributeChange, Attributes, ExtensionProperty } from '../../directory/index.ts';
import { type KindName, typeNamed } from './resource-kind.ts';
import { byValue, groupSearch, type SearchTable, userSearch } from './search-table.ts';
import { isTree } from './user-attributes.ts';

/** A resource type in a tenant. */
export interface TenantType {
  type: ResourceType;
  search: SearchTable;
  /** Absent when the tenant has declared nothing for it. */
  declared?: SchemaDefinition;
}

export type TenantTypes = Readonly<Record<KindName, TenantType>>;

const standard: TenantTypes = {
  User: { type: typeNamed('User'), search: userSearch },
  Group: { type: typeNamed('Group'), search: groupSearch },
};

const kinds = { User: 'user', Group: 'group' } as const;

/** Interop: Entra lets administrators map custom attributes only in URNs of this form. */
const urnOf = (name: KindName) => `urn:ietf:params:scim:schemas:extension:countersign:2.0:${name}`;

const types: Readonly<Record<ExtensionProperty['dataType'], AttributeType>> = {
  String: 'string',
  Boolean: 'boolean',
  Integer: 'integer',
  LargeInteger: 'integer',
  DateTime: 'dateTime',
  Binary: 'binary',
};

export function tenantTypes(properties: readonly ExtensionProperty[]): TenantTypes {
  if (properties.length === 0) return standard;
  return { User: extended('User', properties), Group: extended('Group', properties) };
}

function extended(name: KindName, properties: readonly ExtensionProperty[]): TenantType {
  const own = properties.filter(({ targetKinds }) => targetKinds.includes(kinds[name]));
  const { type, search } = standard[name];
  if (own.length === 0) return { type, search };
  const declared: SchemaDefinition = {
    id: urnOf(name),
    name: `Tenant${name}`,
    description: 'Attributes that the tenant declares itself',
    attributes: own.map((property) =>
      defineAttribute(property.name, property.description ?? property.name, {
        type: types[property.dataType],
        multiValued: property.isMultiValued,
        caseExact: property.dataType === 'Binary',
      }),
    ),
  };
  const searched = own
    .filter(({ dataType }) => dataType !== 'Binary')
    .map((property) => [`${declared.id}:${property.name}`, byValue(property.name, property.isMultiValued)] as const);
  return {
    type: { ...type, extensions: [...type.extensions, { schema: declared, required: false }] },
    search: { ...search, ...Object.fromEntries(searched) },
    declared,
  };
}

/** Every schema of the tenant. */
export function schemasOf(tenant: TenantTypes): SchemaDefinition[] {
  return [...standardSchemas, ...Object.values(tenant).flatMap(({ declared }) => declared ?? [])];
}

/** What an object has of the declared attributes, as a member of the resource. */
export function readDeclared({ declared }: TenantType, attributes: Attributes): JsonObject {
  if (!declared) return {};
  const held = declared.attributes.flatMap(({ name }) => {
    const value = attributes[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return held.length === 0 ? {} : { [declared.id]: Object.fromEntries(held) };
}

/** The change that makes an object have the declared attributes of the resource, and no others of them. */
export function writeDeclared({ declared }: TenantType, resource: JsonObject): AttributeChange {
  if (!declared) return {};
  const container = resource[declared.id];
  const wanted = isTree(container) ? container : {};
  return Object.fromEntries(declared.attributes.map(({ name }) => [name, wanted[name] ?? null]));
}
