/** What the path of a PATCH operation selects (RFC 7644 figure 7), and the values that belong there. */
import { printResolvedPath, type ResolvedPath, resolvePath } from '../attribute-path.ts';
import { accepts, type Dialect } from '../dialect.ts';
import { ScimError } from '../errors.ts';
import { parseValuePath } from '../filter/parse-filter.ts';
import { type ResolvedFilter, resolveValueFilter } from '../filter/resolve-filter.ts';
import { asList, type JsonValue } from '../json.ts';
import type { ResourceType } from '../registry.ts';
import { type Reading, readValue } from '../resource/read-value.ts';
import type { Change } from './change.ts';

export interface Target {
  readonly path: ResolvedPath;
  readonly filter: ResolvedFilter | undefined;
}

/** Undefined when the path names no attribute. Throws `invalidPath`, `invalidFilter`. */
export function findTarget(type: ResourceType, text: string, dialect: Dialect): Target | undefined {
  const { path: written, filter } = parseValuePath(text, dialect);
  const path = resolvePath(type, written, accepts(dialect, 'unqualified-extension-attributes'));
  if (path === undefined || filter === undefined) return path && { path, filter: undefined };
  if (!path.attribute.multiValued) {
    throw new ScimError('invalidPath', `${printResolvedPath(path)} has a single value, so nothing can be selected.`);
  }
  return { path, filter: resolveValueFilter(path.attribute, filter, dialect) };
}

export function isReadOnly({ attribute, subAttribute }: ResolvedPath): boolean {
  return attribute.mutability === 'readOnly' || subAttribute?.mutability === 'readOnly';
}

/** Reads what to put at the target; undefined when the value stands for none. Throws `invalidValue`. */
export function readTargetValue(
  { path, filter }: Target,
  operation: Change['operation'],
  value: JsonValue,
  reading: Reading,
): JsonValue | undefined {
  const { attribute, subAttribute } = path;
  const name = printResolvedPath(path);
  if (subAttribute !== undefined) return readValue(subAttribute, value, name, reading);
  if (filter !== undefined) return readValue({ ...attribute, multiValued: false }, value, name, reading);
  // RFC 7644 3.5.2.1: a value that is added to a list need not be in a list itself.
  const isAdded = operation === 'add' && attribute.multiValued && value !== null;
  return readValue(attribute, isAdded ? asList(value) : value, name, reading);
}

/** Reads which values to take away from the target; undefined for all that it selects. Throws `invalidValue`. */
export function readRemoved({ path, filter }: Target, value: JsonValue, reading: Reading): JsonValue | undefined {
  if (value === null) return undefined;
  const name = printResolvedPath(path);
  // Without this a client that means one member would remove them all.
  if (!accepts(reading.dialect, 'remove-by-value')) {
    throw new ScimError('invalidValue', `remove takes no value; select with ${name}[...].`);
  }
  const isWholeList = path.attribute.multiValued && path.subAttribute === undefined && filter === undefined;
  return isWholeList ? (readValue(path.attribute, asList(value), name, reading) ?? []) : undefined;
}
