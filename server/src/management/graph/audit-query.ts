import type { AuditQuery } from '../../audit/index.ts';
import { unsupportedQuery } from './error.ts';
import type { Comparison, FilterExpression, Literal } from './odata/filter-expression.ts';

type Condition = (value: Literal) => AuditQuery | undefined;

const text = (name: 'verb' | 'actorId' | 'objectId' | 'correlationId' | 'id'): Condition => {
  return (value) => (typeof value === 'string' ? { [name]: value } : undefined);
};
const since = (addedMilliseconds: number): Condition => {
  return (value) => (value instanceof Date ? { from: later(value, addedMilliseconds) } : undefined);
};
/** `until` is the first moment that no longer counts, and times have milliseconds. */
const until = (addedMilliseconds: number): Condition => {
  return (value) => (value instanceof Date ? { until: later(value, addedMilliseconds) } : undefined);
};

/** Every comparison that a filter on the audit log may have, as the part of the query that it becomes. */
const conditions: Readonly<Record<string, Condition>> = {
  'activityDateTime ge': since(0),
  'activityDateTime gt': since(1),
  'activityDateTime lt': until(0),
  'activityDateTime le': until(1),
  'activityDisplayName eq': text('verb'),
  'correlationId eq': text('correlationId'),
  'id eq': text('id'),
  'initiatedBy/user/id eq': text('actorId'),
  'initiatedBy/app/servicePrincipalId eq': text('actorId'),
  'result eq': (value) => (value === 'success' || value === 'failure' ? { outcome: value } : undefined),
  'targetResources/any id eq': text('objectId'),
};

/**
 * Turns a $filter on the audit log into its query: comparisons from a fixed list, joined by `and`, each at most once.
 *
 * @throws GraphError `Request_UnsupportedQuery` for anything else
 */
export function auditQuery(filter: FilterExpression | undefined): AuditQuery {
  if (!filter) return {};
  const query: AuditQuery = {};
  for (const term of filter.op === 'and' ? filter.terms : [filter]) {
    const part = comparisonOf(term);
    const added = part && conditions[part.comparison]?.(part.value);
    if (!added)
      throw unsupportedQuery(`The audit log can be filtered by: ${Object.keys(conditions).join(', ')}; joined by and.`);
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
  return { comparison: `${term.path} ${term.op satisfies Comparison | string}`, value: term.value };
}

function later(time: Date, milliseconds: number): Date {
  return new Date(time.getTime() + milliseconds);
}
