/** What a list request asks for (RFC 7644 3.4.2, 3.4.3; RFC 9865 2): read from a URL or a `.search` body, then resolved. */
import { isSecret, parseAttributePath, type ResolvedPath, resolvePath, withDefaultPart } from '../attribute-path.ts';
import { accepts, type Dialect } from '../dialect.ts';
import { quote, ScimError } from '../errors.ts';
import type { Filter } from '../filter/filter.ts';
import { parseFilter } from '../filter/parse-filter.ts';
import { type ResolvedFilter, resolveFilter, type UnknownAttribute } from '../filter/resolve-filter.ts';
import { asList, findMember, type JsonObject, type JsonValue } from '../json.ts';
import type { ResourceType } from '../registry.ts';
import { messageUrns } from '../urns.ts';
import { checkFilterRestrictions } from './check-filter.ts';
import { type Projection, readProjection } from './projection.ts';

/** A request as it was written; resolveListQuery says what it means for a resource type. */
export interface ListQuery {
  readonly filter: Filter | undefined;
  readonly sortBy: string | undefined;
  readonly isDescending: boolean;
  readonly page: Page;
  readonly attributes: readonly string[];
  readonly excludedAttributes: readonly string[];
}

export type Page =
  /** `startIndex` counts from 1. A count of 0 asks for `totalResults` alone (RFC 7644 3.4.2.4). */
  | { readonly kind: 'index'; readonly startIndex: number; readonly count: number }
  /** An empty cursor asks for the first page (RFC 9865 2). */
  | { readonly kind: 'cursor'; readonly cursor: string; readonly count: number };

export interface ResolvedListQuery {
  readonly filter: ResolvedFilter | undefined;
  readonly sort: Sort | undefined;
  readonly page: Page;
  readonly projection: Projection;
}

export interface Sort {
  readonly path: ResolvedPath;
  readonly isDescending: boolean;
}

type ParameterName =
  | 'filter'
  | 'sortBy'
  | 'sortOrder'
  | 'startIndex'
  | 'count'
  | 'cursor'
  | 'attributes'
  | 'excludedAttributes';
type FindParameter = (name: ParameterName) => JsonValue | undefined;

/** Reads the query of a GET. Throws `invalidFilter`, `invalidValue`, `invalidCursor`, `invalidCount`. */
export function parseListParameters(parameters: URLSearchParams, dialect: Dialect): ListQuery {
  return parseQuery((name) => parameters.get(name) ?? undefined, dialect);
}

/** Reads the body of a POST to `.search` (RFC 7644 3.4.3). Throws `invalidSyntax` besides what parseListParameters throws. */
export function parseSearchRequest(body: JsonObject, dialect: Dialect): ListQuery {
  if (
    !accepts(dialect, 'missing-schemas') &&
    !asList(findMember(body, 'schemas')).includes(messageUrns.searchRequest)
  ) {
    throw new ScimError('invalidSyntax', `schemas must list ${messageUrns.searchRequest}.`);
  }
  return parseQuery((name) => findMember(body, name) ?? undefined, dialect);
}

/**
 * What a query means for a resource type. `unknown` is for queries over several resource types, see resolveFilter. Throws
 * `invalidFilter`, and `invalidPath` for an attribute to sort by that is unknown or complex.
 */
export function resolveListQuery(
  type: ResourceType,
  query: ListQuery,
  dialect: Dialect,
  unknown: UnknownAttribute = 'refuse',
): ResolvedListQuery {
  const filter = query.filter && resolveFilter(type, query.filter, dialect, unknown);
  if (filter !== undefined) checkFilterRestrictions(type, filter, dialect);
  return {
    filter,
    sort: resolveSort(type, query, dialect, unknown),
    page: query.page,
    projection: readProjection(type, query.attributes, query.excludedAttributes, dialect),
  };
}

function parseQuery(findAny: FindParameter, dialect: Dialect): ListQuery {
  const ignored: readonly ParameterName[] = dialect.pages.ignores;
  const find: FindParameter = (name) => (ignored.includes(name) ? undefined : findAny(name));
  const filter = readText(find, 'filter');
  return {
    filter: filter === undefined ? undefined : parseFilter(filter, dialect),
    sortBy: readText(find, 'sortBy'),
    isDescending: readSortOrder(readText(find, 'sortOrder')),
    page: readPage(find, dialect),
    attributes: readNames(find, 'attributes'),
    excludedAttributes: readNames(find, 'excludedAttributes'),
  };
}

function resolveSort(
  type: ResourceType,
  { sortBy, isDescending }: ListQuery,
  dialect: Dialect,
  unknown: UnknownAttribute,
): Sort | undefined {
  if (sortBy === undefined) return undefined;
  const written = parseAttributePath(sortBy);
  const found = written && resolvePath(type, written, accepts(dialect, 'unqualified-extension-attributes'));
  if (found === undefined && unknown === 'never-matches') return undefined;
  const path = found && withDefaultPart(found);
  // RFC 7644 3.4.2.3: of a complex attribute, a sub-attribute must be named.
  if (path === undefined || isSecret(path) || (path.subAttribute ?? path.attribute).type === 'complex') {
    throw new ScimError('invalidPath', `${quote(sortBy)} is nothing to sort by.`);
  }
  return { path, isDescending };
}

function readSortOrder(text = 'ascending'): boolean {
  if (text !== 'ascending' && text !== 'descending') {
    throw new ScimError('invalidValue', 'sortOrder must be "ascending" or "descending".');
  }
  return text === 'descending';
}

// RFC 9865 2: a cursor is made of the unreserved characters of RFC 3986.
const cursorForm = /^[\w.~-]{0,2048}$/;

function readPage(find: FindParameter, { pages }: Dialect): Page {
  const cursor = find('cursor');
  const count = readInteger(find, 'count') ?? pages.defaultSize;
  const startIndex = readInteger(find, 'startIndex');
  if (cursor === undefined) {
    // RFC 7644 3.4.2.4: a startIndex below 1 counts as 1, a negative count as 0.
    return {
      kind: 'index',
      startIndex: Math.max(startIndex ?? 1, 1),
      count: Math.min(Math.max(count, 0), pages.maxSize),
    };
  }
  if (typeof cursor !== 'string' || !cursorForm.test(cursor)) {
    throw new ScimError('invalidCursor', 'The cursor is none that this server gives out.');
  }
  if (startIndex !== undefined) throw new ScimError('invalidCursor', 'Page by cursor or by startIndex, not by both.');
  if (count < 1) throw new ScimError('invalidCount', 'A page by cursor has a count of at least 1.');
  return { kind: 'cursor', cursor, count: Math.min(count, pages.maxSize) };
}

function readInteger(find: FindParameter, name: ParameterName): number | undefined {
  const value = find(name);
  if (value === undefined || value === '') return undefined;
  const number = typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value;
  if (!Number.isInteger(number)) throw new ScimError('invalidValue', `${name} must be an integer.`);
  return Number(number);
}

function readText(find: FindParameter, name: ParameterName): string | undefined {
  const value = find(name);
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw new ScimError('invalidValue', `${name} must be a text.`);
  return value;
}

const maxNames = 100;

function readNames(find: FindParameter, name: ParameterName): string[] {
  const names = asList(find(name)).flatMap((item) => {
    if (typeof item !== 'string') throw new ScimError('invalidValue', `${name} must list the names of attributes.`);
    return splitNames(item);
  });
  if (names.length > maxNames) throw new ScimError('invalidValue', `${name} lists more than ${maxNames} attributes.`);
  return names;
}

/** Splits at commas, but not at those within brackets. */
function splitNames(text: string): string[] {
  const parts = text.match(/(?:[^,[]|\[(?:[^\]"]|"(?:[^"\\]|\\.)*"?)*\]?)+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
