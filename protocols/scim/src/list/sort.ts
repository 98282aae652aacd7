/** The order of resources (RFC 7644 3.4.2.3), in memory. */
import { valuesAt } from '../attribute-path.ts';
import { type Comparable, comparableOf } from '../comparable.ts';
import { isObject, type JsonObject } from '../json.ts';
import { isPrimary } from '../resource/read-value.ts';
import type { Sort } from './list-query.ts';

/**
 * A comparison for `Array.sort`. Of a multi-valued attribute the primary value counts, else the first. Resources without a
 * value come last in ascending and first in descending order.
 */
export function compareBy(sort: Sort): (one: JsonObject, other: JsonObject) => number {
  const direction = sort.isDescending ? -1 : 1;
  return (one, other) => direction * compare(sortKey(sort, one), sortKey(sort, other));
}

function compare(one: Comparable | undefined, other: Comparable | undefined): number {
  if (one === other) return 0;
  if (one === undefined) return 1;
  if (other === undefined) return -1;
  return one < other ? -1 : 1;
}

function sortKey({ path }: Sort, resource: JsonObject): Comparable | undefined {
  const { attribute, subAttribute } = path;
  const values = valuesAt(resource, { ...path, subAttribute: undefined });
  const value = values.find(isPrimary) ?? values[0];
  if (subAttribute === undefined) return comparableOf(attribute, value);
  return isObject(value) ? comparableOf(subAttribute, value[subAttribute.name]) : undefined;
}
