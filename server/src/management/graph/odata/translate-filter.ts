import type { Comparable, Filter } from '../../../directory/index.ts';
import { badRequest, unsupportedQuery } from '../error.ts';
import type { FilterExpression, Literal, TextFunction } from './filter-expression.ts';

/** What a $filter may name of a resource. */
export interface Filterable {
  /** Such as `microsoft.graph.user`, for messages. */
  type: string;
  /** The directory's attribute for a path as written; undefined when the resource has no such property. */
  attributeOf(path: string): FilterableAttribute | undefined;
}

export interface FilterableAttribute {
  attribute: string;
  isMultiValued: boolean;
  /** Turns the comparisons of several members of one complex value into the one value by which it is found. */
  element?: (members: ReadonlyMap<string, Comparable>) => Filter | undefined;
}

const textOperators = {
  startswith: 'startsWith',
  endswith: 'endsWith',
  contains: 'contains',
} as const satisfies Record<TextFunction, string>;

/**
 * Turns a $filter into a question to the directory, which then says whether the attributes can be searched that way.
 *
 * @throws GraphError `BadRequest` for unknown properties, `Request_UnsupportedQuery` for what cannot be asked
 */
export function translateFilter(expression: FilterExpression, resource: Filterable): Filter {
  switch (expression.op) {
    case 'and':
    case 'or':
      return { op: expression.op, terms: expression.terms.map((term) => translateFilter(term, resource)) };
    case 'not':
      return { op: 'not', term: translateFilter(expression.term, resource) };
    case 'any':
      return translateAny(expression, resource);
    default: {
      const { attribute, isMultiValued } = find(expression.path, resource);
      if (isMultiValued) {
        throw unsupportedQuery(
          `The property '${expression.path}' has several values: use ${expression.path}/any(x:x ...).`,
        );
      }
      return translateComparison(expression, attribute);
    }
  }
}

type Leaf = Exclude<FilterExpression, { op: 'and' | 'or' | 'not' | 'any' }>;

function translateComparison(leaf: Leaf, attribute: string): Filter {
  switch (leaf.op) {
    case 'in':
      return { op: 'in', attribute, values: leaf.values.map((value) => present(value, leaf)) };
    case 'startswith':
    case 'endswith':
    case 'contains':
      return { op: textOperators[leaf.op], attribute, value: leaf.value };
    case 'eq':
    case 'ne':
      return { op: leaf.op, attribute, value: leaf.value === null ? null : present(leaf.value, leaf) };
    default:
      return { op: leaf.op, attribute, value: present(leaf.value, leaf) };
  }
}

function present(value: Literal, leaf: Leaf): Comparable {
  if (value === null) throw badRequest(`Invalid filter clause: '${leaf.op}' cannot compare with null.`);
  return value instanceof Date ? value.toISOString() : value;
}

function find(path: string, resource: Filterable): FilterableAttribute {
  const found = resource.attributeOf(path);
  if (!found) throw badRequest(`Could not find a property named '${path}' on type '${resource.type}'.`);
  return found;
}

/** `any` is one comparison of the element, several of them joined by `or`, or equality of its members joined by `and`. */
function translateAny({ path, term }: { path: string; term: FilterExpression }, resource: Filterable): Filter {
  const found = find(path, resource);
  if (!found.isMultiValued) throw badRequest(`The property '${path}' has one value: any is for several.`);
  const element = (inner: FilterExpression): Filter => {
    if (inner.op === 'or') return { op: 'or', terms: inner.terms.map(element) };
    const question = found.element ? found.element(memberEqualities(inner)) : undefined;
    if (question) return question;
    if (!found.element && 'path' in inner && inner.op !== 'any' && inner.path === '') {
      return translateComparison(inner, found.attribute);
    }
    throw unsupportedQuery(`This question about the values of '${path}' is not supported.`);
  };
  return element(term);
}

/** The members that a conjunction of equalities names; empty when it is anything else. */
function memberEqualities(expression: FilterExpression): ReadonlyMap<string, Comparable> {
  const terms = expression.op === 'and' ? expression.terms : [expression];
  const members = new Map<string, Comparable>();
  for (const term of terms) {
    if (term.op !== 'eq' || term.path === '' || members.has(term.path)) return new Map();
    members.set(term.path, present(term.value, term));
  }
  return members;
}
