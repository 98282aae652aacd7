/** Lists as answers (RFC 7644 3.4.2, RFC 9865 2). */
import type { Dialect } from '../dialect.ts';
import type { JsonObject } from '../json.ts';
import { messageUrns } from '../urns.ts';
import type { Page } from './list-query.ts';

export interface ListResult {
  /** The page, already projected. */
  readonly resources: readonly JsonObject[];
  /** Matches in all pages. */
  readonly totalResults: number;
  /** Cursors of the pages after and before this one, if there are such; for pages by cursor. */
  readonly nextCursor?: string;
  readonly previousCursor?: string;
}

export function buildListResponse(page: Page, result: ListResult, dialect: Dialect): JsonObject {
  const { resources, totalResults, nextCursor, previousCursor } = result;
  const isCounted = page.kind === 'index' || dialect.pages.countsBehindCursor;
  return {
    schemas: [messageUrns.listResponse],
    ...(isCounted ? { totalResults } : {}),
    itemsPerPage: resources.length,
    ...(page.kind === 'index' ? { startIndex: page.startIndex } : {}),
    ...(nextCursor === undefined ? {} : { nextCursor }),
    ...(previousCursor === undefined ? {} : { previousCursor }),
    Resources: [...resources],
  };
}
