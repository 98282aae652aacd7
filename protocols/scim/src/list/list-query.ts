/** What a list request asks for (RFC 7644 3.4.2, RFC 9865 2), and what that means for a resource type. */
import { isSecret, parseAttributePath, type ResolvedPath, resolvePath, withDefaultPart } from '../attribute-path.ts';
import { accepts, type Dialect } from '../dialect.ts';
import { quote, ScimError } from '../errors.ts';
import type { Filter } from '../filter/filter.ts';
import { type ResolvedFilter, resolveFilter, type UnknownAttribute } from '../filter/resolve-filter.ts';
import type { ResourceType } from '../registry.ts';
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
