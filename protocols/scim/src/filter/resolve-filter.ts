/**
 * What a filter means for a resource type: names become attributes, values get the attribute's type. The result can be
 * evaluated or turned into a database query without asking the schema again.
 */
import {
  type AttributePath,
  isSecret,
  printAttributePath,
  printResolvedPath,
  type ResolvedPath,
  resolvePath,
  withDefaultPart,
} from '../attribute-path.ts';
import { accepts, type Dialect } from '../dialect.ts';
import { quote, ScimError } from '../errors.ts';
import type { ResourceType } from '../registry.ts';
import { type AttributeDefinition, findByName } from '../schema.ts';
import type { ComparisonOperator, Filter } from './filter.ts';
import { readOperand } from './operands.ts';

export type ResolvedFilter =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly ResolvedFilter[] }
  | { readonly kind: 'not'; readonly operand: ResolvedFilter }
  | { readonly kind: 'present'; readonly path: ResolvedPath }
  | Comparison
  /** Paths in `filter` start at the single value, not at the resource. */
  | { readonly kind: 'values'; readonly path: ResolvedPath; readonly filter: ResolvedFilter }
  /** A comparison with an attribute that the resource type does not have. */
  | { readonly kind: 'constant'; readonly matches: boolean };

/**
 * True when any value at the path satisfies it. `ne` on a single-valued attribute without a value is true. Texts are
 * compared as they are when the attribute is caseExact, else after `foldCase`.
 */
export interface Comparison {
  readonly kind: 'compare';
  readonly path: ResolvedPath;
  readonly operator: ComparisonOperator;
  /** Of a dateTime attribute: milliseconds since the epoch, perhaps with a fraction. Never null. */
  readonly value: string | number | boolean;
}

/** What is done about an attribute that the resource type does not have. */
export type UnknownAttribute = 'refuse' | 'never-matches';

/**
 * Throws `invalidFilter` for an unknown attribute, one that is never answered, an operator that does not fit the type, and
 * a value of another type. With `unknown` as `never-matches` an unknown attribute counts as one without a value: so must a
 * query over several resource types treat it (RFC 7644 3.4.2.1).
 */
export function resolveFilter(
  type: ResourceType,
  filter: Filter,
  dialect: Dialect,
  unknown: UnknownAttribute = 'refuse',
): ResolvedFilter {
  const searchesExtensions = accepts(dialect, 'unqualified-extension-attributes');
  return resolve(filter, { dialect, unknown, find: (path) => resolvePath(type, path, searchesExtensions) });
}

/** Resolves the filter between the brackets of a path: its names are the attribute's parts. Throws like resolveFilter. */
export function resolveValueFilter(attribute: AttributeDefinition, filter: Filter, dialect: Dialect): ResolvedFilter {
  return resolve(filter, { dialect, unknown: 'refuse', find: (path) => findPart(attribute, path) });
}

interface Scope {
  readonly dialect: Dialect;
  readonly unknown: UnknownAttribute;
  readonly find: (path: AttributePath) => ResolvedPath | undefined;
}

function findPart(attribute: AttributeDefinition, path: AttributePath): ResolvedPath | undefined {
  if (path.schema !== undefined || path.subAttribute !== undefined) return undefined;
  const part = findByName(attribute.subAttributes, path.name);
  return part && { extension: undefined, attribute: part, subAttribute: undefined };
}

function resolve(filter: Filter, scope: Scope): ResolvedFilter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, operands: filter.operands.map((operand) => resolve(operand, scope)) };
    case 'not':
      return { kind: 'not', operand: resolve(filter.operand, scope) };
    case 'present': {
      const path = findPath(filter.path, scope);
      return path === undefined ? { kind: 'constant', matches: false } : { kind: 'present', path };
    }
    case 'compare':
      return resolveComparison(filter, scope);
    case 'values': {
      const path = findPath(filter.path, scope);
      if (path === undefined) return { kind: 'constant', matches: false };
      const attribute = path.subAttribute ?? path.attribute;
      return { kind: 'values', path, filter: resolveValueFilter(attribute, filter.filter, scope.dialect) };
    }
  }
}

function resolveComparison(filter: Extract<Filter, { kind: 'compare' }>, scope: Scope): ResolvedFilter {
  const { operator, value } = filter;
  const found = findPath(filter.path, scope);
  if (found === undefined) return { kind: 'constant', matches: matchesNothing(operator, value) };
  if (value === null && (operator === 'eq' || operator === 'ne')) {
    const present: ResolvedFilter = { kind: 'present', path: found };
    return operator === 'ne' ? present : { kind: 'not', operand: present };
  }
  const path = withDefaultPart(found);
  const operand = readOperand(path.subAttribute ?? path.attribute, operator, value, scope.dialect);
  return { kind: 'compare', path, operator, value: operand };
}

/** What a comparison says of an attribute without a value. */
function matchesNothing(operator: ComparisonOperator, value: unknown): boolean {
  return operator === 'eq' ? value === null : operator === 'ne' && value !== null;
}

function findPath(path: AttributePath, { find, unknown }: Scope): ResolvedPath | undefined {
  const found = find(path);
  if (found === undefined) {
    if (unknown === 'never-matches') return undefined;
    throw new ScimError('invalidFilter', `There is no attribute ${quote(printAttributePath(path))}.`);
  }
  // A filter over a password would tell it letter by letter.
  if (isSecret(found)) {
    throw new ScimError('invalidFilter', `${printResolvedPath(found)} cannot be searched.`);
  }
  return found;
}
