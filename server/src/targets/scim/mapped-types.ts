/** The resource types of one target: the standard ones, and the custom extensions that mappings name (RFC 7643 3.3). Pure. */
import {
  type AttributePath,
  createRegistry,
  defineAttribute,
  entraDialect,
  parseValuePath,
  type ResourceType,
  type SchemaDefinition,
} from '@countersign/scim';
import type { ObjectMapping } from '../../provisioning/index.ts';

export interface MappedTypes {
  /** URNs of the custom extensions, in lower case. */
  readonly custom: ReadonlySet<string>;
  /** @throws Error for a type that SCIM does not have */
  named(name: string): ResourceType;
}

type NamedPath = AttributePath & { readonly schema: string };

const registry = createRegistry();
const isUrn = /^urn:[a-z0-9][a-z0-9-]{0,31}:./i;

/**
 * @param published  schemas that the target tells of; a mapped extension that is not among them is taken to have the
 *   attributes that are mapped, each a single text
 */
export function mappedTypes(mappings: readonly ObjectMapping[], published: readonly SchemaDefinition[]): MappedTypes {
  const custom = new Set<string>();
  const types = new Map<string, ResourceType>();
  for (const type of registry.resourceTypes) {
    const paths = mappings
      .filter(({ target }) => target === type.name)
      .flatMap(({ attributes }) => attributes.flatMap(({ target }) => customPath(type, target)));
    const extensions = [...Map.groupBy(paths, ({ schema }) => schema.toLowerCase())].map(([urn, named]) => {
      custom.add(urn);
      return { schema: published.find(({ id }) => id.toLowerCase() === urn) ?? assumedSchema(named), required: false };
    });
    types.set(type.name, { ...type, extensions: [...type.extensions, ...extensions] });
  }
  return {
    custom,
    named(name) {
      const type = types.get(name);
      if (!type) throw new Error(`SCIM has no resource type ${name}.`);
      return type;
    },
  };
}

/** The path of an attribute whose schema is none of the type's own. */
function customPath(type: ResourceType, text: string): NamedPath[] {
  const path = pathIn(text);
  const schema = path?.schema;
  if (path === undefined || schema === undefined || !isUrn.test(schema)) return [];
  const own = [type.schema, ...type.extensions.map((extension) => extension.schema)];
  return own.some(({ id }) => id.toLowerCase() === schema.toLowerCase()) ? [] : [{ ...path, schema }];
}

/** Undefined for a text that is no path. */
export function pathIn(text: string): AttributePath | undefined {
  try {
    return parseValuePath(text, entraDialect).path;
  } catch {
    return undefined;
  }
}

function assumedSchema(paths: readonly NamedPath[]): SchemaDefinition {
  const id = paths[0]?.schema ?? '';
  const attributes = [...Map.groupBy(paths, ({ name }) => name)].map(([name, named]) => {
    const parts = named.flatMap(({ subAttribute }) => subAttribute ?? []);
    const subAttributes = parts.map((part) => defineAttribute(part, part));
    return defineAttribute(name, name, parts.length > 0 ? { type: 'complex', subAttributes } : {});
  });
  return { id, name: id, description: id, attributes };
}
