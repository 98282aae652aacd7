/** Which schemas and resource types an endpoint knows. Custom extensions are more data in the same lists. */

import { type AttributeDefinition, findByName, type SchemaDefinition } from './schema.ts';
import { commonAttributes } from './schemas/common-attributes.ts';
import { enterpriseUserSchema } from './schemas/enterprise-user.ts';
import { groupSchema } from './schemas/group.ts';
import { userSchema } from './schemas/user.ts';
import { schemaUrns } from './urns.ts';

/** A resource type as RFC 7643 6 describes it: schemas by URN. */
export interface ResourceTypeDefinition {
  readonly name: string;
  /** Path below the base URL, with a leading slash. */
  readonly endpoint: string;
  readonly description: string;
  readonly schema: string;
  readonly schemaExtensions: readonly { readonly schema: string; readonly required: boolean }[];
}

/** A resource type with its schemas at hand. Every function that reads or checks a resource takes one. */
export interface ResourceType {
  readonly name: string;
  readonly endpoint: string;
  readonly description: string;
  readonly schema: SchemaDefinition;
  readonly extensions: readonly Extension[];
  /** The common attributes of RFC 7643 3.1 and those of the base schema: what stands at the top of a resource. */
  readonly attributes: readonly AttributeDefinition[];
}

export interface Extension {
  readonly schema: SchemaDefinition;
  readonly required: boolean;
}

export interface Registry {
  readonly schemas: readonly SchemaDefinition[];
  readonly resourceTypes: readonly ResourceType[];
}

export const userResourceType: ResourceTypeDefinition = {
  name: 'User',
  endpoint: '/Users',
  description: 'User Account',
  schema: schemaUrns.user,
  schemaExtensions: [{ schema: schemaUrns.enterpriseUser, required: false }],
};

export const groupResourceType: ResourceTypeDefinition = {
  name: 'Group',
  endpoint: '/Groups',
  description: 'Group',
  schema: schemaUrns.group,
  schemaExtensions: [],
};

export const standardSchemas: readonly SchemaDefinition[] = [userSchema, groupSchema, enterpriseUserSchema];

/**
 * Joins resource types with their schemas. Throws a TypeError when a schema is there twice or a resource type names one
 * that is not there: both are mistakes of whoever set the endpoint up.
 */
export function createRegistry(
  schemas: readonly SchemaDefinition[] = standardSchemas,
  resourceTypes: readonly ResourceTypeDefinition[] = [userResourceType, groupResourceType],
): Registry {
  const byUrn = new Map(schemas.map((schema) => [schema.id.toLowerCase(), schema]));
  if (byUrn.size !== schemas.length) throw new TypeError('A schema is registered twice.');
  const schemaOf = (urn: string): SchemaDefinition => {
    const schema = byUrn.get(urn.toLowerCase());
    if (schema === undefined) throw new TypeError(`The schema ${urn} is not registered.`);
    return schema;
  };
  return {
    schemas,
    resourceTypes: resourceTypes.map(({ schema, schemaExtensions, ...rest }) => ({
      ...rest,
      schema: schemaOf(schema),
      extensions: schemaExtensions.map(({ schema, required }) => ({ schema: schemaOf(schema), required })),
      attributes: [...commonAttributes, ...schemaOf(schema).attributes],
    })),
  };
}

/** The resource type of that name, or undefined. */
export function findResourceType(registry: Registry, name: string): ResourceType | undefined {
  return findByName(registry.resourceTypes, name);
}

/** The extension of that URN, whatever its capitals (RFC 8141: URN prefixes are case-insensitive), or undefined. */
export function findExtension(type: ResourceType, urn: string): Extension | undefined {
  const lowerCase = urn.toLowerCase();
  return type.extensions.find((extension) => extension.schema.id.toLowerCase() === lowerCase);
}
