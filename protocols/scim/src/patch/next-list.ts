/** What a change makes of the values of a multi-valued attribute. Time is linear in values before and values sent. */
import { printResolvedPath } from '../attribute-path.ts';
import { accepts, type Dialect } from '../dialect.ts';
import { ScimError } from '../errors.ts';
import { matchesFilter } from '../filter/evaluate-filter.ts';
import type { ResolvedFilter } from '../filter/resolve-filter.ts';
import { asList, isObject, type JsonObject, type JsonValue, withMember } from '../json.ts';
import { checkLength, isPrimary } from '../resource/read-value.ts';
import { type AttributeDefinition, isResourceReference } from '../schema.ts';
import type { Change } from './change.ts';
import { checkParts } from './check-mutability.ts';

/** Throws `noTarget`, `mutability`, and `invalidValue` for two primary values. */
export function nextList(change: Change, current: JsonValue[], dialect: Dialect): JsonValue[] | undefined {
  const { path, filter } = change;
  const isWhole = filter === undefined && path.subAttribute === undefined;
  const next = isWhole ? changeWhole(change, current) : changeSelected(change, current, dialect);
  if (next.length === 0) return undefined;
  if (next.length > current.length) checkLength(path.attribute, next, path.attribute.name, dialect);
  return settlePrimary(current, next, path.attribute.name);
}

function changeWhole({ operation, path, value }: Change, current: JsonValue[]): JsonValue[] {
  switch (operation) {
    case 'add':
      return union(path.attribute, current, asList(value));
    case 'replace':
      return asList(value);
    case 'remove':
      return value === undefined ? [] : without(path.attribute, current, asList(value));
  }
}

function changeSelected(change: Change, current: JsonValue[], dialect: Dialect): JsonValue[] {
  const { filter } = change;
  const isSelected = (item: JsonValue): item is JsonObject =>
    isObject(item) && (filter === undefined || matchesFilter(filter, item));
  if (!current.some(isSelected)) return [...current, ...newValues(change, dialect)];
  return current.flatMap<JsonValue>((item) => (isSelected(item) ? changeOne(change, item) : [item]));
}

/** A selected value after the change; nothing if the change removes it. */
function changeOne({ operation, path, value }: Change, item: JsonObject): JsonObject[] {
  if (operation === 'remove' && path.subAttribute === undefined) return [];
  const next = partsAfter(operation, path.subAttribute, value, item);
  checkParts(path.attribute, item, next);
  return Object.keys(next).length === 0 ? [] : [next];
}

function partsAfter(
  operation: Change['operation'],
  part: AttributeDefinition | undefined,
  value: JsonValue | undefined,
  item: JsonObject,
): JsonObject {
  if (part !== undefined) return withMember(item, part.name, operation === 'remove' ? undefined : value);
  return Object.assign({}, operation === 'add' ? item : {}, value);
}

/** The value that a change makes where its path selects none. */
function newValues({ operation, path, filter, value }: Change, dialect: Dialect): JsonObject[] {
  const name = printResolvedPath(path);
  if (operation === 'remove') {
    if (filter === undefined || accepts(dialect, 'remove-nothing')) return [];
    throw new ScimError('noTarget', `No value of ${name} matches the filter.`);
  }
  const seed = filter === undefined ? {} : accepts(dialect, 'add-creates-value') ? partsOf(filter) : undefined;
  // RFC 7644 3.5.2.3: a replacement whose filter matches nothing fails with "noTarget".
  if (seed === undefined) throw new ScimError('noTarget', `No value of ${name} matches the filter.`);
  return [partsAfter('add', path.subAttribute, value, seed)];
}

/** The parts that a value must have to match `type eq "work" and primary eq true`; undefined for any other filter. */
function partsOf(filter: ResolvedFilter): JsonObject | undefined {
  if (filter.kind === 'compare' && filter.operator === 'eq' && filter.path.attribute.type !== 'dateTime') {
    return { [filter.path.attribute.name]: filter.value };
  }
  if (filter.kind !== 'and') return undefined;
  const parts = filter.operands.map(partsOf);
  return parts.includes(undefined) ? undefined : Object.assign({}, ...parts);
}

function union(attribute: AttributeDefinition, current: JsonValue[], added: JsonValue[]): JsonValue[] {
  const fresh = new Map(added.map((item) => [identityOf(attribute, item), item]));
  for (const item of current) fresh.delete(identityOf(attribute, item));
  return [...current, ...fresh.values()];
}

function without(attribute: AttributeDefinition, current: JsonValue[], removed: JsonValue[]): JsonValue[] {
  const identities = new Set(removed.map((item) => identityOf(attribute, item)));
  const isValueAlone = (item: JsonValue) => isObject(item) && Object.keys(item).join() === 'value';
  const values = new Set(removed.filter(isValueAlone).map(ownValue));
  return current.filter((item) => !identities.has(identityOf(attribute, item)) && !values.has(ownValue(item)));
}

function ownValue(item: JsonValue): JsonValue | undefined {
  return isObject(item) ? item['value'] : item;
}

/** What makes two values the same: for a reference where it points to, for anything else all its parts. */
function identityOf(attribute: AttributeDefinition, item: JsonValue): string {
  if (!isObject(item)) return JSON.stringify(item);
  if (isResourceReference(attribute)) return JSON.stringify(item['value'] ?? item['$ref']);
  return JSON.stringify(attribute.subAttributes.map(({ name }) => item[name]));
}

/** RFC 7644 3.5.2: where a change makes a value primary, no other one stays so. */
function settlePrimary(before: JsonValue[], after: JsonValue[], name: string): JsonValue[] {
  const old = new Set(before);
  const made = after.filter((item) => isPrimary(item) && !old.has(item));
  if (made.length === 0) return after;
  if (made.length > 1) throw new ScimError('invalidValue', `${name} would have more than one primary value.`);
  return after.map((item) =>
    isPrimary(item) && item !== made[0] ? Object.assign({}, item, { primary: false }) : item,
  );
}
