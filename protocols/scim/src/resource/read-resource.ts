/** A resource from the body of POST or PUT, or from a server's answer, checked against its schemas (RFC 7644 3.3, 3.5.1). */
import { accepts, type Dialect } from '../dialect.ts';
import { quote, ScimError } from '../errors.ts';
import { asList, findMember, isObject, isSameJson, type JsonObject } from '../json.ts';
import { findExtension, type ResourceType } from '../registry.ts';
import type { AttributeDefinition } from '../schema.ts';
import { checkMemberChanges, checkRequired, checkRestrictions } from './check-resource.ts';
import { type Reading, readMembers, refuseUnsupported } from './read-value.ts';

/**
 * Reads what a client wants created. readOnly attributes are ignored (RFC 7644 3.3), names get the capitals of the schema,
 * `schemas` lists what is really used. Throws `invalidSyntax`, `invalidValue`.
 */
export function readNewResource(type: ResourceType, body: JsonObject, dialect: Dialect): JsonObject {
  const resource = readAttributes(type, body, readingOf(type, dialect));
  if (!accepts(dialect, 'missing-schemas')) checkSchemas(type, body, resource);
  checkRequired(type, resource);
  checkRestrictions(type, resource, dialect);
  checkMemberChanges(type, asList(resource['members']).length, dialect);
  return resource;
}

/**
 * Reads what a client wants in place of `current` (RFC 7644 3.5.1): attributes that it leaves out are emptied, but readOnly
 * ones stay as they are, and so do immutable and writeOnly ones, which it may not change or cannot know. Throws `mutability`
 * for another value of an immutable attribute, besides what readNewResource throws.
 */
export function readReplacement(
  type: ResourceType,
  current: JsonObject,
  body: JsonObject,
  dialect: Dialect,
): JsonObject {
  const next = readNewResource(type, body, dialect);
  const result = keepUnchangeable(type.attributes, '', current, next);
  for (const { schema } of type.extensions) {
    const { id, attributes } = schema;
    const container = keepUnchangeable(attributes, `${id}:`, objectAt(current, id), objectAt(next, id));
    if (Object.keys(container).length > 0) result[id] = container;
  }
  return withSchemas(type, result);
}

/**
 * Reads what a server answered: readOnly attributes are kept, nothing is required, values of a wrong type are left out.
 * Throws `invalidSyntax` for an attribute that is there twice and an extension that is no object.
 */
export function readAnsweredResource(type: ResourceType, body: JsonObject, dialect: Dialect): JsonObject {
  return readAttributes(type, body, { ...readingOf(type, dialect), isAnswer: true });
}

/** How values that a client sends for a resource type are read. */
export function readingOf(type: ResourceType, dialect: Dialect): Reading {
  const unsupported = dialect.restrictions[type.name]?.unsupported ?? [];
  return { dialect, isAnswer: false, unsupported: new Set(unsupported.map((path) => path.toLowerCase())) };
}

/** The resource with `schemas` naming its base schema and each extension that it has values of (RFC 7643 3). */
export function withSchemas(type: ResourceType, resource: JsonObject): JsonObject {
  const used = type.extensions.map(({ schema }) => schema.id).filter((urn) => resource[urn] !== undefined);
  return { ...resource, schemas: [type.schema.id, ...used] };
}

function readAttributes(type: ResourceType, body: JsonObject, reading: Reading): JsonObject {
  const own: JsonObject = {};
  const extensions: JsonObject = {};
  for (const [name, value] of Object.entries(body)) {
    const extension = findExtension(type, name);
    if (extension === undefined) {
      own[name] = value;
      continue;
    }
    const { id, attributes } = extension.schema;
    refuseUnsupported(id, reading);
    if (value === null) continue;
    if (!isObject(value)) throw new ScimError('invalidSyntax', `${id} must be an object.`);
    if (extensions[id] !== undefined) throw new ScimError('invalidSyntax', `${id} is there twice.`);
    const read = readMembers(value, attributes, `${id}:`, reading);
    if (Object.keys(read).length > 0) extensions[id] = read;
  }
  return withSchemas(type, { ...readMembers(own, type.attributes, '', reading), ...extensions });
}

/** RFC 7643 3: `schemas` is there, lists the base schema and each extension in use, and names nothing unknown. */
function checkSchemas(type: ResourceType, body: JsonObject, resource: JsonObject): void {
  const sent = asList(findMember(body, 'schemas')).map((urn) => String(urn).toLowerCase());
  const missing = asList(resource['schemas']).find((urn) => !sent.includes(String(urn).toLowerCase()));
  if (missing !== undefined) throw new ScimError('invalidSyntax', `schemas must list ${missing}.`);
  const unknown = sent.find((urn) => urn !== type.schema.id.toLowerCase() && findExtension(type, urn) === undefined);
  if (unknown !== undefined) throw new ScimError('invalidSyntax', `${type.name} has no schema ${quote(unknown)}.`);
}

/** The members of `after`, and those of `before` that a client cannot change. */
function keepUnchangeable(
  attributes: readonly AttributeDefinition[],
  prefix: string,
  before: JsonObject,
  after: JsonObject,
): JsonObject {
  const result = { ...after };
  for (const { name, mutability } of attributes) {
    const [old, wanted] = [before[name], after[name]];
    if (mutability === 'readWrite' || old === undefined) continue;
    if (mutability === 'writeOnly' && wanted !== undefined) continue;
    if (wanted !== undefined && !isSameJson(old, wanted)) {
      throw new ScimError('mutability', `${prefix}${name} cannot be changed.`);
    }
    result[name] = old;
  }
  return result;
}

function objectAt(resource: JsonObject, name: string): JsonObject {
  const value = resource[name];
  return isObject(value) ? value : {};
}
