/**
 * Attribute names as messages write them (RFC 7644 3.10), and what they name in a resource type:
 * `userName`, `name.familyName`, `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value`.
 */
import { asList, isObject, type JsonObject, type JsonValue } from './json.ts';
import { findExtension, type ResourceType } from './registry.ts';
import { type AttributeDefinition, findByName } from './schema.ts';

/** A name taken apart; whether it names anything is another question. */
export interface AttributePath {
  /** URN before the last colon. */
  readonly schema: string | undefined;
  readonly name: string;
  readonly subAttribute: string | undefined;
}

/** An attribute of a resource type. */
export interface ResolvedPath {
  /** URN of the extension whose object holds the attribute; undefined for common attributes and the base schema's. */
  readonly extension: string | undefined;
  readonly attribute: AttributeDefinition;
  readonly subAttribute: AttributeDefinition | undefined;
}

// ATTRNAME of RFC 7644 figure 1, and the `$ref` that the grammar forgets.
const form = /^(?:(.+):)?(\$?[A-Za-z][\w-]*)(?:\.(\$?[A-Za-z][\w-]*))?$/;

/** Takes a name apart; undefined when it is none. */
export function parseAttributePath(text: string): AttributePath | undefined {
  const [, schema, name, subAttribute] = form.exec(text) ?? [];
  return name === undefined ? undefined : { schema, name, subAttribute };
}

export function printAttributePath({ schema, name, subAttribute }: AttributePath): string {
  return `${schema === undefined ? '' : `${schema}:`}${name}${subAttribute === undefined ? '' : `.${subAttribute}`}`;
}

/** The path with the capitals that the schema gives it. */
export function printResolvedPath({ extension, attribute, subAttribute }: ResolvedPath): string {
  return printAttributePath({ schema: extension, name: attribute.name, subAttribute: subAttribute?.name });
}

/**
 * What a name means in a resource type; undefined when it means nothing there.
 * Interop: IAM Identity Center's clients filter by `manager`, so with `searchesExtensions` a name that the base schema
 * lacks is looked for in the extensions.
 */
export function resolvePath(
  type: ResourceType,
  path: AttributePath,
  searchesExtensions = false,
): ResolvedPath | undefined {
  for (const [extension, attributes] of candidates(type, path.schema, searchesExtensions)) {
    const attribute = findByName(attributes, path.name);
    if (attribute === undefined) continue;
    if (path.subAttribute === undefined) return { extension, attribute, subAttribute: undefined };
    const subAttribute = findByName(attribute.subAttributes, path.subAttribute);
    return subAttribute && { extension, attribute, subAttribute };
  }
  return undefined;
}

type Candidate = [extension: string | undefined, attributes: readonly AttributeDefinition[]];

function candidates(type: ResourceType, urn: string | undefined, searchesExtensions: boolean): Candidate[] {
  const own: Candidate = [undefined, type.attributes];
  const ofExtensions = type.extensions.map(({ schema }): Candidate => [schema.id, schema.attributes]);
  if (urn === undefined) return searchesExtensions ? [own, ...ofExtensions] : [own];
  if (urn.toLowerCase() === type.schema.id.toLowerCase()) return [own];
  const extension = findExtension(type, urn);
  return extension === undefined ? [] : [[extension.schema.id, extension.schema.attributes]];
}

/** The values at a path: none for an unassigned attribute, one for a single value, all of a multi-valued attribute. */
export function valuesAt(resource: JsonObject, { extension, attribute, subAttribute }: ResolvedPath): JsonValue[] {
  const container = extension === undefined ? resource : resource[extension];
  const values = isObject(container) ? asList(container[attribute.name]) : [];
  if (subAttribute === undefined) return values;
  return values.flatMap((value) => (isObject(value) ? asList(value[subAttribute.name]) : []));
}

/** RFC 7644 3.4.2.2: without a sub-attribute, a complex attribute is compared and sorted by its `value`. */
export function withDefaultPart(path: ResolvedPath): ResolvedPath {
  if (path.subAttribute !== undefined || path.attribute.type !== 'complex') return path;
  const subAttribute = findByName(path.attribute.subAttributes, 'value');
  return subAttribute === undefined ? path : { ...path, subAttribute };
}

/** Whether the value is never told (RFC 7643 7 "returned"), so that neither a filter nor an order may depend on it. */
export function isSecret({ attribute, subAttribute }: ResolvedPath): boolean {
  return attribute.returned === 'never' || subAttribute?.returned === 'never';
}
