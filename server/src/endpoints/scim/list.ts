import {
  buildListResponse,
  compareBy,
  type JsonObject,
  type ListQuery,
  type ListResult,
  matchesFilter,
  printFilter,
  printResolvedPath,
  project,
  type ResolvedListQuery,
  resolveListQuery,
  ScimError,
  type UnknownAttribute,
} from '@countersign/scim';
import { countObjects, findObjects, type ObjectQuery, type PagePosition } from '../../directory/index.ts';
import type { ScimCall } from './call.ts';
import type { ResourceKind } from './resource-kind.ts';
import type { Searched, SearchTable } from './search-table.ts';
import { translateFilter } from './translate-filter.ts';
import { wantsOf } from './wants.ts';

/** Resources that are looked at one by one for a question that no index answers. */
const mostExamined = 1000;

/** Answers a list of one resource type (RFC 7644 3.4.2, RFC 9865). @throws ScimError */
export async function answerList(call: ScimCall, kind: ResourceKind, query: ListQuery): Promise<JsonObject> {
  const { type, search } = call.types[kind.name];
  const resolved = resolveListQuery(type, query, call.dialect);
  const wanted = questionOf(search, resolved);
  const result = wanted
    ? await readPage(call, kind, resolved, wanted, contextOf(call, kind.name, query))
    : pageOf(call, resolved, await examine(call, kind, resolved), contextOf(call, kind.name, query));
  return buildListResponse(query.page, result, call.dialect);
}

/** Answers a list over several resource types (RFC 7644 3.4.2.1), which is made by looking at each. @throws ScimError */
export async function answerMixedList(
  call: ScimCall,
  kinds: readonly ResourceKind[],
  query: ListQuery,
): Promise<JsonObject> {
  const parts = await Promise.all(
    kinds.map((kind) =>
      examine(call, kind, resolveListQuery(call.types[kind.name].type, query, call.dialect, 'never-matches')),
    ),
  );
  const [first] = kinds;
  if (!first) throw new ScimError('forbidden', 'The token lacks every scope for reading.');
  const unknown: UnknownAttribute = 'never-matches';
  const resolved = resolveListQuery(call.types[first.name].type, query, call.dialect, unknown);
  return buildListResponse(query.page, pageOf(call, resolved, parts.flat(), contextOf(call, '', query)), call.dialect);
}

type Question = Pick<ObjectQuery, 'filter' | 'orderBy'>;

/** What to ask the directory, when its indexes answer the whole query. */
function questionOf(search: SearchTable, { filter, sort }: ResolvedListQuery): Question | undefined {
  const where = filter ? translateFilter(filter, search) : { isExact: true };
  if (!where.isExact) return undefined;
  const question: Question = where.filter ? { filter: where.filter } : {};
  if (!sort) return question;
  const searched = search[printResolvedPath(sort.path)];
  const attribute = searched?.kind === 'time' ? searched.attribute : sortAttribute(searched);
  if (attribute === undefined || attribute.includes('/')) return undefined;
  // RFC 7644 3.4.2.3: without a value, a resource comes last in ascending and first in descending order.
  return { ...question, orderBy: { attribute, descending: sort.isDescending, emptyFirst: sort.isDescending } };
}

function sortAttribute(searched: Searched | undefined): string | undefined {
  return searched?.kind === 'values' && !searched.isMultiValued ? searched.attributes[0] : undefined;
}

/** What a cursor or a remembered place is good for. */
function contextOf({ tenant }: ScimCall, typeName: string, { filter, sortBy, isDescending }: ListQuery): string {
  return JSON.stringify([tenant.id, typeName, filter ? printFilter(filter) : '', sortBy ?? '', isDescending]);
}

/** Where a page by cursor goes on, and how many there were when the first page was read. */
interface CursorPlace {
  after?: PagePosition;
  offset?: number;
  total: number;
}

async function readPage(
  call: ScimCall,
  kind: ResourceKind,
  resolved: ResolvedListQuery,
  question: Question,
  context: string,
): Promise<ListResult> {
  const { page, projection } = resolved;
  const { definition } = kind;
  const { type } = call.types[kind.name];
  const { storage, remembered } = call;
  const now = call.act.now;
  const known =
    page.kind === 'index' ? call.places.find(context, page.startIndex, now) : placeOf(call, page.cursor, context);
  const skip = page.kind === 'index' && !known ? page.startIndex - 1 : 0;
  const after = known?.after;
  const found =
    page.count === 0
      ? { items: [] }
      : await findObjects(storage.read, call.tenant.id, definition, {
          ...question,
          limit: page.count,
          skip,
          ...(after && { after }),
        });
  const { items, nextAfter } = found;
  const isCounted = page.kind === 'index' || call.dialect.pages.countsBehindCursor;
  const counted = async () => {
    if (!isCounted) return 0;
    // The last page that has something tells how many there are.
    if (!known && !nextAfter && items.length > 0) return skip + items.length;
    return known
      ? 'totalResults' in known
        ? known.totalResults
        : known.total
      : countObjects(remembered.read, call.tenant.id, definition, question.filter);
  };
  const [totalResults, resources] = await Promise.all([counted(), kind.build(call, items, wantsOf(type, projection))]);
  const shown = resources.map((resource) => project(type, resource, projection));
  if (!nextAfter) return { resources: shown, totalResults };
  if (page.kind === 'index') {
    call.places.note(context, page.startIndex + items.length, now, { after: nextAfter, totalResults });
    return { resources: shown, totalResults };
  }
  const place: CursorPlace = { after: nextAfter, total: totalResults };
  return { resources: shown, totalResults, nextCursor: call.cursors.write(context, place) };
}

/** @throws ScimError `invalidCursor` */
function placeOf(call: ScimCall, cursor: string, context: string): CursorPlace | undefined {
  if (cursor === '') return undefined;
  const place = call.cursors.read(context, cursor) as CursorPlace | undefined;
  if (place) return place;
  throw new ScimError('invalidCursor', 'The cursor was not given out for this query.');
}

interface Examined {
  kind: ResourceKind;
  resource: JsonObject;
  shown: JsonObject;
}

/**
 * Every resource that fits, found by looking at each that the indexes leave.
 * @throws ScimError `tooMany` when they leave more than can be looked at (RFC 7644 table 9)
 */
async function examine(call: ScimCall, kind: ResourceKind, resolved: ResolvedListQuery): Promise<Examined[]> {
  const { filter, projection, sort } = resolved;
  const { type, search } = call.types[kind.name];
  const where = filter && translateFilter(filter, search).filter;
  const { items, nextAfter } = await findObjects(call.storage.read, call.tenant.id, kind.definition, {
    ...(where && { filter: where }),
    limit: mostExamined,
  });
  if (nextAfter) {
    throw new ScimError(
      'tooMany',
      `No index answers this query, and more than ${mostExamined} resources would have to be looked at. Narrow it by an eq on userName, externalId, id, displayName or an e-mail address.`,
    );
  }
  const wants = wantsOf(type, projection, filter, sort);
  const resources = await kind.build(call, items, wants);
  return resources
    .filter((resource) => filter === undefined || matchesFilter(filter, resource))
    .map((resource) => ({ kind, resource, shown: project(type, resource, projection) }));
}

/** A page of resources that are at hand. */
function pageOf(call: ScimCall, { page, sort }: ResolvedListQuery, examined: Examined[], context: string): ListResult {
  const order = sort && compareBy(sort);
  const all = order ? examined.toSorted((a, b) => order(a.resource, b.resource)) : examined;
  const known = page.kind === 'cursor' ? placeOf(call, page.cursor, context) : undefined;
  const start = page.kind === 'index' ? page.startIndex - 1 : (known?.offset ?? 0);
  const end = start + page.count;
  const resources = all.slice(start, end).map(({ shown }) => shown);
  const totalResults = all.length;
  if (page.kind === 'index' || end >= all.length) return { resources, totalResults };
  const place: CursorPlace = { offset: end, total: totalResults };
  return { resources, totalResults, nextCursor: call.cursors.write(context, place) };
}
