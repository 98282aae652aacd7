/** References to resources that a bulk request is about to create: `bulkId:name` in place of an identifier (RFC 7644 3.7.2). */
import { quote, ScimError } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';

const prefix = 'bulkId:';

/** The names that a value refers to, in its order, perhaps repeatedly. */
export function findReferences(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return value.startsWith(prefix) ? [value.slice(prefix.length)] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(findReferences);
}

/** The identifier that a text stands for. Throws `invalidValue` for a name whose resource has not been created. */
export function resolveReference(text: string, ids: ReadonlyMap<string, string>): string {
  if (!text.startsWith(prefix)) return text;
  const id = ids.get(text.slice(prefix.length));
  if (id === undefined) throw new ScimError('invalidValue', `No operation of this request created ${quote(text)}.`);
  return id;
}

/** The data with identifiers in place of references. Throws like resolveReference. */
export function resolveReferences(data: JsonObject, ids: ReadonlyMap<string, string>): JsonObject {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, resolveValue(value, ids)]));
}

function resolveValue(value: JsonValue, ids: ReadonlyMap<string, string>): JsonValue {
  if (typeof value === 'string') return resolveReference(value, ids);
  if (Array.isArray(value)) return value.map((item) => resolveValue(item, ids));
  return isObject(value) ? resolveReferences(value, ids) : value;
}
