/**
 * Whether a resource satisfies a filter, in memory. Resources are in the form that `readResource` gives them. A database
 * query made of the same filter must select the same resources.
 */
import { valuesAt } from '../attribute-path.ts';
import { type Comparable, comparableOf } from '../comparable.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { ComparisonOperator } from './filter.ts';
import type { Comparison, ResolvedFilter } from './resolve-filter.ts';

export function matchesFilter(filter: ResolvedFilter, resource: JsonObject): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.operands.every((operand) => matchesFilter(operand, resource));
    case 'or':
      return filter.operands.some((operand) => matchesFilter(operand, resource));
    case 'not':
      return !matchesFilter(filter.operand, resource);
    case 'present':
      return valuesAt(resource, filter.path).some(isPresent);
    case 'compare':
      return compares(filter, valuesAt(resource, filter.path));
    case 'values':
      return valuesAt(resource, filter.path).some((value) => isObject(value) && matchesFilter(filter.filter, value));
    case 'constant':
      return filter.matches;
  }
}

// RFC 7644 table 3 "pr": a value that is not empty, or a complex one with a part that is not.
function isPresent(value: JsonValue): boolean {
  return isObject(value) ? Object.values(value).some(isPresent) : value !== null && value !== '';
}

function compares({ path, operator, value }: Comparison, values: JsonValue[]): boolean {
  if (values.length === 0) return operator === 'ne' && !path.attribute.multiValued;
  const attribute = path.subAttribute ?? path.attribute;
  const operand = comparableOf(attribute, value);
  return values.some((item) => {
    const candidate = comparableOf(attribute, item);
    return candidate !== undefined && operand !== undefined && tests[operator](candidate, operand);
  });
}

const tests: Record<ComparisonOperator, (one: Comparable, other: Comparable) => boolean> = {
  eq: (one, other) => one === other,
  ne: (one, other) => one !== other,
  co: (one, other) => String(one).includes(String(other)),
  sw: (one, other) => String(one).startsWith(String(other)),
  ew: (one, other) => String(one).endsWith(String(other)),
  gt: (one, other) => one > other,
  ge: (one, other) => one >= other,
  lt: (one, other) => one < other,
  le: (one, other) => one <= other,
};
