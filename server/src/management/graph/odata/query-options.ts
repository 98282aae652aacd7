import type { QueryOption } from '@countersign/management-api';
import { badRequest, unsupportedQuery } from '../error.ts';
import type { FilterExpression } from './filter-expression.ts';
import { parseFilter } from './parse-filter.ts';
import { parseSearch } from './parse-search.ts';

/** The OData query options of a request (OData 4.01 Protocol 11.2.5, 11.2.6), not yet held against a resource. */
export interface QueryOptions {
  /** Undefined: the properties shown by default. `*` stands for all. */
  select: readonly string[] | undefined;
  /** What $filter and $search ask for, together. */
  filter: FilterExpression | undefined;
  orderBy: { property: string; descending: boolean } | undefined;
  top: number | undefined;
  count: boolean;
  expand: readonly Expand[];
  skipToken: string | undefined;
  deltaToken: string | undefined;
}

/** A related resource that is shown inside of each item. */
export interface Expand {
  property: string;
  select: readonly string[] | undefined;
}

/** As many items as Microsoft Graph puts on a page at most. */
const largestPage = 999;

type Options = Map<QueryOption, string>;

/**
 * Reads the query options of a request to an operation that takes these. Names are compared without regard to case;
 * parameters that do not start with `$` are none of ours and ignored.
 *
 * @param consistency  the header ConsistencyLevel
 * @throws GraphError for options that are unknown, not taken, given twice or malformed
 */
export function readQueryOptions(
  query: URLSearchParams,
  taken: readonly QueryOption[] = [],
  consistency?: string,
): QueryOptions {
  const options = collect(query, taken);
  return {
    select: readNames(options.get('$select')),
    filter: readFilter(options.get('$filter'), options.get('$search'), consistency),
    orderBy: readOrder(options.get('$orderby')),
    top: readTop(options.get('$top')),
    count: readCount(options.get('$count')),
    expand: splitOutside(options.get('$expand') ?? '').map(readExpand),
    skipToken: options.get('$skiptoken'),
    deltaToken: options.get('$deltatoken'),
  };
}

function collect(query: URLSearchParams, taken: readonly QueryOption[]): Options {
  const options: Options = new Map();
  for (const [spelled, value] of query) {
    if (!spelled.startsWith('$')) continue;
    const name = spelled.toLowerCase();
    const option = taken.find((candidate) => candidate === name);
    if (option === undefined) throw unsupportedQuery(`The query option ${spelled} is not supported here.`);
    if (options.has(option)) throw badRequest(`The query option ${spelled} is given twice.`);
    options.set(option, value);
  }
  return options;
}

function readFilter(
  filter: string | undefined,
  search: string | undefined,
  consistency: string | undefined,
): FilterExpression | undefined {
  const asked = filter === undefined ? undefined : parseFilter(filter);
  if (search === undefined) return asked;
  // Clients that leave the header out would fail at Microsoft Graph.
  if (consistency?.toLowerCase() !== 'eventual') {
    throw unsupportedQuery("$search works only with the request header 'ConsistencyLevel: eventual'.");
  }
  const found = parseSearch(search);
  return asked ? { op: 'and', terms: [asked, found] } : found;
}

function readNames(list: string | undefined): string[] | undefined {
  if (list === undefined) return undefined;
  const names = list.split(',').map((name) => name.trim());
  if (names.some((name) => !/^(?:\*|[\w.]+(?:\/\w+)?)$/.test(name))) {
    throw badRequest(`The list of properties '${list}' is not understood.`);
  }
  return names;
}

function readOrder(order: string | undefined): QueryOptions['orderBy'] {
  if (order === undefined) return undefined;
  if (order.includes(','))
    throw unsupportedQuery('Sorting by more than one property is not supported, as in Microsoft Graph.');
  const [, property, direction] = /^\s*([\w/]+)(?:\s+(asc|desc))?\s*$/.exec(order) ?? [];
  if (property === undefined) throw badRequest(`The order '${order}' is not understood.`);
  return { property, descending: direction === 'desc' };
}

function readTop(top: string | undefined): number | undefined {
  if (top === undefined) return undefined;
  const number = /^\d{1,4}$/.test(top) ? Number(top) : 0;
  if (number < 1 || number > largestPage) {
    throw badRequest(`Invalid value '${top}' for $top: it is a number from 1 to ${largestPage}.`);
  }
  return number;
}

function readCount(count: string | undefined): boolean {
  if (count === undefined || count === 'false') return false;
  if (count === 'true') return true;
  throw badRequest(`Invalid value '${count}' for $count: it is true or false.`);
}

function readExpand(item: string): Expand {
  const [, property, options] = /^(\w+)(?:\((.*)\))?$/s.exec(item) ?? [];
  if (property === undefined) throw badRequest(`The expansion '${item}' is not understood.`);
  if (options === undefined) return { property, select: undefined };
  const [, names] = /^\s*\$select=([^;()]*)$/i.exec(options) ?? [];
  if (names === undefined) throw unsupportedQuery(`In the expansion of ${property}, only $select is supported.`);
  return { property, select: readNames(names) };
}

/** Splits at the commas that stand outside of parentheses. */
function splitOutside(list: string): string[] {
  if (list === '') return [];
  return list.split(/,(?![^(]*\))/).map((item) => item.trim());
}
