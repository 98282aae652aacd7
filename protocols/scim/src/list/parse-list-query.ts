/** A list request from the query of a URL or the body of a POST to `.search` (RFC 7644 3.4.2, 3.4.3; RFC 9865 2, 3). */
import type { Dialect } from '../dialect.ts';
import { ScimError } from '../errors.ts';
import { parseFilter } from '../filter/parse-filter.ts';
import { asList, findMember, type JsonObject, type JsonValue } from '../json.ts';
import { checkMessage } from '../message.ts';
import { messageUrns } from '../urns.ts';
import type { ListQuery, Page } from './list-query.ts';

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
  checkMessage(body, messageUrns.searchRequest, dialect);
  return parseQuery((name) => findMember(body, name) ?? undefined, dialect);
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
