import type { Change, ChangePosition, DirectoryObject, ObjectKind, PagePosition } from '../../directory/index.ts';
import type { Answer, Call } from './call.ts';
import { memberChanges, type PendingMembers, showFirstMembers, showMoreMembers } from './delta-members.ts';
import { GraphError, unsupportedQuery } from './error.ts';
import { contextUrl, linkWith } from './pages.ts';
import { prefers } from './prefer.ts';
import { kindView, type Shown, viewOf } from './resource-view.ts';

/**
 * Where a reader of changes is. First it lists all objects (`listing`), then it follows the change feed from the place that
 * the feed had before the listing, so that nothing is missed in between; something may be told twice.
 */
interface DeltaPlace {
  /** The feed to which `since` belongs. */
  feedId: string;
  since: ChangePosition;
  listing?: {
    after?: PagePosition;
    /** Groups of which some members are still to be told. */
    pending: PendingMembers[];
  };
}

/** Objects of a listing on a page, by default and for groups at most, each of which brings members. */
const objectsOnPage = { usual: 100, groups: 20 };
/** Changes that are read for one page. */
const changesAtOnce = 500;

/**
 * Answers what changed since a former answer, in rounds: pages joined by `@odata.nextLink`, at their end an
 * `@odata.deltaLink` for the next round. https://learn.microsoft.com/graph/delta-query-overview
 *
 * @throws GraphError 410 `resyncRequired` when the changes since then are no longer kept
 */
export async function answerDelta(call: Call, kind: ObjectKind): Promise<Answer> {
  const { changes } = call.storage.read;
  const { skipToken, deltaToken } = call.query;
  if (deltaToken === 'latest') {
    return answerRound(call, kind, [], { $deltatoken: { feedId: await changes.feedId(), since: await changes.end() } });
  }
  const token = skipToken ?? deltaToken;
  if (token === undefined) {
    const place = { feedId: await changes.feedId(), since: await changes.end(), listing: { pending: [] } };
    return answerListing(call, kind, place);
  }
  const place = call.continuation.read(tokenContext(call), token) as DeltaPlace | undefined;
  if (!place) throw new GraphError(400, 'Directory_ExpiredPageToken', 'The token of the link is invalid.');
  if (place.feedId !== (await changes.feedId()) || isBefore(place.since, await changes.start())) {
    throw new GraphError(410, 'resyncRequired', 'The changes since then are no longer kept. Start without a token.', {
      headers: { location: linkWith(call, {}) },
    });
  }
  return place.listing ? answerListing(call, kind, place) : answerChanges(call, kind, place);
}

/** Most objects to which a reader can keep to, as at Microsoft Graph. */
const mostFollowed = 50;

/**
 * The ids of the objects to which the reader keeps, by `$filter=id eq '...' or id eq '...'`; undefined for all.
 * https://learn.microsoft.com/graph/api/user-delta#optional-query-parameters
 */
function followedIds({ query: { filter } }: Call): string[] | undefined {
  if (!filter) return undefined;
  const terms = filter.op === 'or' ? filter.terms : [filter];
  const ids = terms.flatMap((term) =>
    term.op === 'eq' && term.path === 'id' ? [String(term.value).toLowerCase()] : [],
  );
  if (ids.length < terms.length || ids.length > mostFollowed) {
    throw unsupportedQuery(
      `Changes can be filtered by id only: id eq '...' or id eq '...', up to ${mostFollowed} ids.`,
    );
  }
  return ids;
}

async function answerListing(call: Call, kind: ObjectKind, place: DeltaPlace): Promise<Answer> {
  const { pending = [], after } = place.listing ?? {};
  const [unfinished, ...others] = pending;
  if (unfinished) {
    const { shown, rest } = await showMoreMembers(call, unfinished);
    const listing = { ...(after && { after }), pending: [...rest, ...others] };
    return answerRound(call, kind, [shown], nextOf({ ...place, listing }));
  }
  const limit = Math.min(call.query.top ?? objectsOnPage.usual, kind === 'group' ? objectsOnPage.groups : 999);
  const ids = followedIds(call);
  const page = await call.storage.read.objects.list(call.tenantId, {
    kind,
    limit,
    ...(after && { after }),
    ...(ids && { filter: { op: 'in', attribute: 'id', values: ids } }),
  });
  const show = deltaView(call, kind);
  const items: Shown[] = [];
  const newlyPending: PendingMembers[] = [];
  for (const object of page.items) {
    const members = tellsMembers(call, kind) ? await showFirstMembers(call, object.id) : undefined;
    items.push({ ...show(object), ...members?.shown });
    newlyPending.push(...(members?.rest ?? []));
  }
  const listing = { ...(page.nextAfter && { after: page.nextAfter }), pending: newlyPending };
  return answerRound(call, kind, items, nextOf({ ...place, listing }));
}

/** The listing goes on while there are objects or members left; then the change feed is next. */
function nextOf(place: DeltaPlace): NextLink {
  const { listing, ...followed } = place;
  const isDone = !listing || (listing.after === undefined && listing.pending.length === 0);
  return isDone ? { $deltatoken: followed } : { $skiptoken: place };
}

async function answerChanges(call: Call, kind: ObjectKind, place: DeltaPlace): Promise<Answer> {
  const { changes, objects } = call.storage.read;
  const end = await changes.end();
  const read = await changes.read(place.since, changesAtOnce, call.tenantId, end);
  const followed = followedIds(call);
  const mine = read.filter(
    (change) => change.kind === kind && (followed === undefined || followed.includes(change.objectId)),
  );
  const ids = [...new Set(mine.map(({ objectId }) => objectId))];
  const living = new Map((await objects.findMany(call.tenantId, ids)).map((object) => [object.id, object]));
  const items: Shown[] = [];
  const pending: PendingMembers[] = [];
  for (const id of ids) {
    const own = mine.filter(({ objectId }) => objectId === id);
    const object = living.get(id);
    const shown = object ? showChanged(call, object, own) : await showRemoved(call, id);
    const isBack = object && tellsMembers(call, kind) && own.some(({ verb }) => verb === 'restored');
    // A group comes back with the members that it had, and the reader has forgotten them.
    const members = isBack ? await showFirstMembers(call, id) : undefined;
    if (shown) items.push({ ...shown, ...members?.shown });
    pending.push(...(members?.rest ?? []));
  }
  const last = read.at(-1)?.position ?? place.since;
  const isPartial = read.length === changesAtOnce;
  const next = { ...place, since: isPartial || isBefore(end, last) ? last : end };
  if (pending.length > 0) return answerRound(call, kind, items, { $skiptoken: { ...next, listing: { pending } } });
  return answerRound(call, kind, items, isPartial ? { $skiptoken: next } : { $deltatoken: next });
}

/** Undefined when nothing changed that is told. */
function showChanged(call: Call, object: DirectoryObject, changes: readonly Change[]): Shown | undefined {
  const isWhole = changes.some(({ verb }) => verb === 'created' || verb === 'restored');
  const attributes = new Set(changes.flatMap(({ detail }) => detail?.['attributes'] ?? []));
  const members = tellsMembers(call, object.kind) ? memberChanges(changes) : [];
  if (!isWhole && attributes.size === 0 && members.length === 0) return undefined;
  const shown = deltaView(call, object.kind)(object);
  // Interop: Microsoft Graph tells only what changed to who asks for it (delta query, return=minimal).
  const isMinimal = !isWhole && prefers(call.headers, 'return=minimal');
  const told = isMinimal
    ? Object.fromEntries(Object.entries(shown).filter(([name]) => name === 'id' || attributes.has(name)))
    : shown;
  return { ...told, ...(members.length > 0 && { 'members@delta': members }) };
}

/** `changed` can be restored, `deleted` is gone for good. */
async function showRemoved(call: Call, id: string): Promise<Shown> {
  const deleted = await call.storage.read.objects.find(call.tenantId, id, true);
  return { id, '@removed': { reason: deleted ? 'changed' : 'deleted' } };
}

function deltaView(call: Call, kind: ObjectKind) {
  const select = call.query.select?.filter((name) => !(kind === 'group' && name === 'members'));
  return viewOf(kindView(kind).resource, select);
}

function tellsMembers(call: Call, kind: ObjectKind): boolean {
  return kind === 'group' && (call.query.select?.includes('members') ?? true);
}

type NextLink = { $skiptoken: DeltaPlace } | { $deltatoken: DeltaPlace };

function answerRound(call: Call, kind: ObjectKind, items: Shown[], next: NextLink): Answer {
  const [[option = '', place] = []] = Object.entries(next);
  const link = linkWith(call, { [option]: call.continuation.write(tokenContext(call), place) });
  return {
    body: {
      '@odata.context': contextUrl(call, kindView(kind).collection, '/$delta'),
      value: items,
      [option === '$skiptoken' ? '@odata.nextLink' : '@odata.deltaLink']: link,
    },
  };
}

function tokenContext(call: Call): string {
  return JSON.stringify([call.tenantId, call.operation, followedIds(call)]);
}

function isBefore(a: ChangePosition, b: ChangePosition): boolean {
  return a.transaction === b.transaction ? a.sequence < b.sequence : a.transaction < b.transaction;
}
