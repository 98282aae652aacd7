import { unsupportedQuery } from './error.ts';
import type { FilterExpression, Literal } from './odata/filter-expression.ts';

/** The part of a log's query that a comparison becomes; undefined when the value is of the wrong kind. */
export type Condition<Query> = (value: Literal) => Query | undefined;

/** Every comparison that a filter on a log may have, such as `correlationId eq`. */
export type Conditions<Query> = Readonly<Record<string, Condition<Query>>>;

/** A text that must be equal. */
export function equalText<Name extends string>(name: Name): Condition<{ [Property in Name]?: string }> {
  return (value) => (typeof value === 'string' ? ({ [name]: value } as { [Property in Name]?: string }) : undefined);
}

/** Comparisons with the time of an event. `until` is the first moment that no longer counts, and times have milliseconds. */
export function timeConditions(property: string): Conditions<{ from?: Date; until?: Date }> {
  const since = (added: number) => (value: Literal) =>
    value instanceof Date ? { from: later(value, added) } : undefined;
  const until = (added: number) => (value: Literal) =>
    value instanceof Date ? { until: later(value, added) } : undefined;
  return {
    [`${property} ge`]: since(0),
    [`${property} gt`]: since(1),
    [`${property} lt`]: until(0),
    [`${property} le`]: until(1),
  };
}

/**
 * Turns a $filter on a log into its query: comparisons from a fixed list, joined by `and`, each at most once.
 *
 * @param log  its name in the refusal
 * @throws GraphError `Request_UnsupportedQuery` for anything else
 */
export function logQuery<Query extends object>(
  log: string,
  conditions: Conditions<Query>,
  filter: FilterExpression | undefined,
): Query {
  const query = {} as Query;
  if (!filter) return query;
  for (const term of filter.op === 'and' ? filter.terms : [filter]) {
    const part = comparisonOf(term);
    const condition = part && Object.hasOwn(conditions, part.comparison) ? conditions[part.comparison] : undefined;
    const added = part && condition?.(part.value);
    if (!added) {
      throw unsupportedQuery(`The ${log} can be filtered by: ${Object.keys(conditions).join(', ')}; joined by and.`);
    }
    if (Object.keys(added).some((name) => name in query)) throw unsupportedQuery('The same is asked for twice.');
    Object.assign(query, added);
  }
  return query;
}

function comparisonOf(term: FilterExpression): { comparison: string; value: Literal } | undefined {
  if (term.op === 'any') {
    const inner = comparisonOf(term.term);
    return inner && { comparison: `${term.path}/any ${inner.comparison}`, value: inner.value };
  }
  if (!('value' in term)) return undefined;
  // The variable of `any` itself has no path.
  return { comparison: `${term.path} ${term.op}`.trim(), value: term.value };
}

function later(time: Date, milliseconds: number): Date {
  return new Date(time.getTime() + milliseconds);
}
