import type { DirectoryObject, LinkPage, LinkStore, ObjectKind, Page, Relation } from '../../directory/index.ts';
import type { Answer, Call } from './call.ts';
import { answerPage, requestedPage, showPage } from './pages.ts';
import { mixedView } from './resource-view.ts';

interface RelatedList {
  read(links: LinkStore, tenantId: string, id: string, page: LinkPage): Promise<Page<DirectoryObject>>;
  count?(links: LinkStore, tenantId: string, id: string, kind?: ObjectKind): Promise<number>;
}

/** What an object is related to, under the names that Microsoft Graph gives to these lists. */
export const relatedLists = {
  members: pointedTo('member'),
  owners: pointedTo('owner'),
  memberOf: pointingFrom('member', 'group'),
  ownedObjects: pointingFrom('owner'),
  directReports: pointingFrom('manager', 'user'),
  transitiveMembers: { read: (links, ...rest) => links.listTransitiveMembers(...rest) },
} satisfies Record<string, RelatedList>;

export type RelatedListName = keyof typeof relatedLists;

function pointedTo(relation: Relation): RelatedList {
  return {
    read: (links, tenantId, id, page) => links.listTo(tenantId, relation, id, page),
    count: (links, tenantId, id, kind) => links.countTo(tenantId, relation, id, kind),
  };
}

function pointingFrom(relation: Relation, kind?: ObjectKind): RelatedList {
  return {
    read: (links, tenantId, id, page) => links.listFrom(tenantId, relation, id, { ...(kind && { kind }), ...page }),
  };
}

/** Answers a page of what the object is related to. */
export async function listRelated(call: Call, name: RelatedListName, id: string): Promise<Answer> {
  const show = mixedView(call.query.select);
  const { links } = call.storage.read;
  const list: RelatedList = relatedLists[name];
  const [page, count] = await Promise.all([
    list.read(links, call.tenantId, id, { ...requestedPage(call), ...(call.cast && { kind: call.cast }) }),
    call.query.count ? list.count?.(links, call.tenantId, id, call.cast) : undefined,
  ]);
  return answerPage(call, 'directoryObjects', showPage(page, show), count);
}

/** Answers a page of the groups of which the object is a member, directly or through others. */
export async function listTransitiveMemberOf(call: Call, id: string): Promise<Answer> {
  const show = mixedView(call.query.select);
  const { limit, after } = requestedPage(call);
  const { links, objects } = call.storage.read;
  const ids = await links.listTransitiveGroupIds(call.tenantId, id);
  const left = after ? ids.filter((groupId) => groupId > after.id) : ids;
  const items = await objects.findMany(call.tenantId, left.slice(0, limit));
  const last = left[limit - 1];
  const nextAfter = left.length > limit && last !== undefined ? { key: null, id: last } : undefined;
  return answerPage(call, 'directoryObjects', showPage({ items, ...(nextAfter && { nextAfter }) }, show));
}
