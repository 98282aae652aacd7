/**
 * Values from a message as values of their attributes: right type, canonical names, nothing that the schema does not know.
 * Null, an empty list and an object without known members are no value (RFC 7643 2.5).
 */
import { accepts, type Dialect } from '../dialect.ts';
import { quote, ScimError } from '../errors.ts';
import { findMember, isObject, type JsonObject, type JsonValue } from '../json.ts';
import { type AttributeDefinition, findByName, isResourceReference } from '../schema.ts';
import { readSimple } from './simple-value.ts';

export interface Reading {
  readonly dialect: Dialect;
  /** Paths that are refused, in lower case. */
  readonly unsupported: ReadonlySet<string>;
  /**
   * Of what a client sent, readOnly attributes are ignored (RFC 7644 3.3) and wrong values refused. Of what a server
   * answered, readOnly attributes are read and wrong values left out: there is nobody to refuse them to.
   */
  readonly isAnswer: boolean;
}

/**
 * The members of an object that are attributes, as values of these. `prefix` comes before their names in messages. Throws
 * `invalidSyntax` for a name that is there twice, and an unknown one if the dialect does; `invalidValue` for a bad value.
 */
export function readMembers(
  object: JsonObject,
  attributes: readonly AttributeDefinition[],
  prefix: string,
  reading: Reading,
): JsonObject {
  const result: JsonObject = {};
  for (const [attribute, value] of matchMembers(object, attributes, prefix, reading.dialect)) {
    const path = prefix + attribute.name;
    refuseUnsupported(path, reading);
    if (attribute.mutability === 'readOnly' && !reading.isAnswer) continue;
    const read = readValue(attribute, value, path, reading);
    if (read !== undefined) result[attribute.name] = read;
  }
  return result;
}

/** Reads the value of an attribute, a list if it is multi-valued; `path` is its name in messages. Throws `invalidValue`. */
export function readValue(
  attribute: AttributeDefinition,
  value: JsonValue,
  path: string,
  reading: Reading,
): JsonValue | undefined {
  if (!attribute.multiValued) {
    const single = unwrap(attribute, value, reading);
    return single === null ? undefined : readSingle(attribute, single, path, reading);
  }
  const list = listOf(value, path, reading)
    .map((item) => readSingle(attribute, item, path, reading))
    .filter((item) => item !== undefined);
  if (!reading.isAnswer) checkLength(attribute, list, path, reading.dialect);
  // RFC 7643 2.4: "primary" is true for at most one value.
  if (list.filter(isPrimary).length > 1) refuse(`${path} has more than one primary value.`, reading);
  return list.length === 0 ? undefined : list;
}

/** Reads one value of an attribute, also of a multi-valued one. Throws `invalidValue`. */
export function readSingle(
  attribute: AttributeDefinition,
  value: JsonValue,
  path: string,
  reading: Reading,
): JsonValue | undefined {
  if (attribute.type === 'complex') return readComplex(attribute, value, path, reading);
  return (
    readSimple(attribute.type, value, reading.dialect) ?? refuse(`${path} must be of type ${attribute.type}.`, reading)
  );
}

/** Throws `invalidSyntax` for a member that no schema knows, unless the dialect ignores such. */
export function refuseUnknown(name: string, dialect: Dialect): void {
  if (accepts(dialect, 'unknown-attributes')) return;
  throw new ScimError('invalidSyntax', `There is no attribute ${quote(name)}.`);
}

/** Throws `invalidValue` for an attribute that the dialect does not offer. */
export function refuseUnsupported(path: string, { unsupported }: Reading): void {
  if (unsupported.size > 0 && unsupported.has(path.toLowerCase()))
    throw new ScimError('invalidValue', `${path} is not supported.`);
}

/** Throws `invalidValue` for more values than the dialect allows: a change looks at each of them. */
export function checkLength(attribute: AttributeDefinition, list: JsonValue[], path: string, dialect: Dialect): void {
  if (list.length <= dialect.maxValues || isResourceReference(attribute)) return;
  throw new ScimError('invalidValue', `${path} has more than ${dialect.maxValues} values.`);
}

export function isPrimary(value: JsonValue): boolean {
  return isObject(value) && value['primary'] === true;
}

/** The members of an object by their attribute, in the order of the schema. */
function matchMembers(
  object: JsonObject,
  attributes: readonly AttributeDefinition[],
  prefix: string,
  dialect: Dialect,
): [AttributeDefinition, JsonValue][] {
  const found = new Map<AttributeDefinition, JsonValue>();
  for (const [name, value] of Object.entries(object)) {
    const attribute = findByName(attributes, name);
    if (attribute === undefined) refuseUnknown(prefix + name, dialect);
    else if (found.has(attribute)) throw new ScimError('invalidSyntax', `${prefix}${attribute.name} is there twice.`);
    else found.set(attribute, value);
  }
  return attributes.flatMap((attribute) => {
    const value = found.get(attribute);
    return value === undefined ? [] : [[attribute, value]];
  });
}

function readComplex(
  attribute: AttributeDefinition,
  value: JsonValue,
  path: string,
  reading: Reading,
): JsonObject | undefined {
  const { subAttributes } = attribute;
  const isBare = typeof value === 'string' && accepts(reading.dialect, 'bare-values');
  const object = isBare && findByName(subAttributes, 'value') !== undefined ? { value } : value;
  if (!isObject(object)) return refuse(`${path} must be an object.`, reading);
  const result = readMembers(object, subAttributes, `${path}.`, reading);
  const missing = subAttributes.find((part) => part.required && result[part.name] === undefined);
  if (missing !== undefined) refuse(`${path}.${missing.name} is required.`, reading);
  return Object.keys(result).length === 0 ? undefined : result;
}

/** Throws `invalidValue`, or leaves the value of an answer out. */
function refuse(detail: string, { isAnswer }: Reading): undefined {
  if (!isAnswer) throw new ScimError('invalidValue', detail);
}

/** A single value, however the client packed it. */
function unwrap(attribute: AttributeDefinition, value: JsonValue, { dialect }: Reading): JsonValue {
  if (!Array.isArray(value) || value.length !== 1 || !accepts(dialect, 'wrapped-values')) return value;
  const item = value[0] ?? null;
  return isObject(item) && attribute.type !== 'complex' ? (findMember(item, 'value') ?? null) : item;
}

function listOf(value: JsonValue, path: string, { dialect }: Reading): JsonValue[] {
  if (Array.isArray(value)) return value;
  if (value === null) return [];
  if (accepts(dialect, 'single-for-list')) return [value];
  throw new ScimError('invalidValue', `${path} must be a list.`);
}
