import type { DirectoryObject, Page, PagePosition } from '../../directory/index.ts';
import type { Answer, Call } from './call.ts';
import { GraphError } from './error.ts';
import type { Shown } from './resource-view.ts';

/** Items on a page when the caller does not say, as Microsoft Graph has it. */
const usualPage = 100;

/** What a page of a collection is read from. */
export interface PageRequest {
  limit: number;
  after?: PagePosition;
}

/** The part of a collection that the caller asks for. @throws GraphError when `$skiptoken` is not ours */
export function requestedPage(call: Call): PageRequest {
  const { top, skipToken } = call.query;
  const limit = top ?? usualPage;
  if (skipToken === undefined) return { limit };
  const after = call.continuation.read(continuationContext(call), skipToken);
  if (after === undefined) {
    throw new GraphError(
      400,
      'Directory_ExpiredPageToken',
      'The $skiptoken is invalid. Start at the first page again.',
    );
  }
  return { limit, after: after as PagePosition };
}

/** Answers a page, with the link to the next one. */
export function answerPage(
  call: Call,
  collection: string,
  page: { items: Shown[]; nextAfter?: PagePosition },
  count?: number,
): Answer {
  const { nextAfter, items } = page;
  return {
    body: {
      '@odata.context': contextUrl(call, collection),
      ...(count !== undefined && { '@odata.count': count }),
      ...(nextAfter && {
        '@odata.nextLink': linkWith(call, {
          $skiptoken: call.continuation.write(continuationContext(call), nextAfter),
        }),
      }),
      value: items,
    },
  };
}

/** Makes a page of things in the order of their ids, of which one more than the limit was read to see if there are more. */
export function cutPage<Item extends { id: string }>(found: readonly Item[], limit: number) {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const nextAfter: PagePosition | undefined = found.length > limit && last ? { key: null, id: last.id } : undefined;
  return { items, ...(nextAfter && { nextAfter }) };
}

/** Shows the objects of a page. */
export function showPage(page: Page<DirectoryObject>, show: (object: DirectoryObject) => Shown) {
  return { ...page, items: page.items.map(show) };
}

/** Where the answer is described: `.../$metadata#users`, or `#users/$entity` for one of them. OData 4.01 JSON 4.6.1 */
export function contextUrl(call: Call, path: string, suffix = ''): string {
  const { select } = call.query;
  return `${call.baseUrl}/$metadata#${path}${select ? `(${select.join(',')})` : ''}${suffix}`;
}

/** The address of the call with these query options in place of its own tokens. */
export function linkWith(call: Call, options: Record<string, string>): string {
  const url = new URL(call.url);
  const tokens = [...url.searchParams.keys()].filter((name) => /^\$(?:skip|delta)token$/i.test(name));
  for (const name of tokens) url.searchParams.delete(name);
  for (const [name, value] of Object.entries(options)) url.searchParams.set(name, value);
  return url.href.replaceAll('%24', '$');
}

/** Everything that decides which items there are and in which order. */
function continuationContext(call: Call): string {
  const { filter, orderBy } = call.query;
  return JSON.stringify([call.tenantId, call.operation, call.parameters, call.cast, filter, orderBy]);
}
