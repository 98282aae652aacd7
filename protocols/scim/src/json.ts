/** JSON as SCIM messages carry it: reading a body, finding a member whatever its capitals, comparing values. */
import { ScimError } from './errors.ts';

export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export interface JsonObject {
  [name: string]: JsonValue;
}

/** Deeper JSON than this is no SCIM message; a limit keeps every walk over a body short. */
const maxNesting = 32;

/** Reads the text of a request body. Throws `invalidSyntax` when it is not one JSON object, or nested deeper than 32. */
export function parseBody(text: string): JsonObject {
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ScimError('invalidSyntax', 'The body is not JSON.', { cause });
  }
  if (!isObject(value)) throw new ScimError('invalidSyntax', 'The body must be one JSON object.');
  checkNesting(value);
  return value;
}

/** Throws `invalidSyntax` when a value is nested deeper than 32. Does not recurse, whatever the depth. */
export function checkNesting(value: JsonValue): void {
  let level: JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxNesting) {
      throw new ScimError('invalidSyntax', `The body is nested deeper than ${maxNesting} levels.`);
    }
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member of an object by name; attribute names are case-insensitive (RFC 7643 2.1). */
export function findMember(object: JsonObject, name: string): JsonValue | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  const lowerCase = name.toLowerCase();
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === lowerCase);
  return key === undefined ? undefined : object[key];
}

/** A value as a list: a multi-valued attribute's values, a single value alone, nothing for an unassigned attribute. */
export function asList(value: JsonValue | undefined): JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** Whether two values are equal; the order of an object's members does not matter, the order of a list does. */
export function isSameJson(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) && one.length === other.length && one.every((item, index) => isSameJson(item, other[index]))
    );
  }
  if (isObject(one)) {
    if (!isObject(other)) return false;
    const names = Object.keys(one);
    return names.length === Object.keys(other).length && names.every((name) => isSameJson(one[name], other[name]));
  }
  return one === other;
}

/** The object with another value of one member; without a value, or with an empty object, the member goes. */
export function withMember(object: JsonObject, name: string, value: JsonValue | undefined): JsonObject {
  const { [name]: _, ...others } = object;
  const isEmpty = value === undefined || (isObject(value) && Object.keys(value).length === 0);
  return isEmpty ? others : { ...object, [name]: value };
}
