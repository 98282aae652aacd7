import {
  type DirectoryObject,
  type LinkPage,
  type LinkStore,
  listRolesHeldBy,
  type ObjectKind,
  type Page,
  type Relation,
} from '../../directory/index.ts';
import type { Answer, Call } from './call.ts';
import { answerPage, requestedPage, showPage } from './pages.ts';
import { mixedView } from './resource-view.ts';
import { showRolesAmongOthers } from './role-view.ts';

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

/** Answers a page of the groups of which the object is a direct member, with the roles that it holds on the last one. */
export async function listMemberOf(call: Call, id: string): Promise<Answer> {
  const { links, directoryRoles } = call.storage.read;
  const page = await relatedLists.memberOf.read(links, call.tenantId, id, requestedPage(call));
  const held = page.nextAfter ? [] : await directoryRoles.list(call.tenantId, { principalIds: [id] });
  return answerMemberOf(
    call,
    page,
    held.map(({ roleId }) => roleId),
  );
}

/** The same of the groups and roles that it has directly or through groups. */
export async function listTransitiveMemberOf(call: Call, id: string): Promise<Answer> {
  const { limit, after } = requestedPage(call);
  const { links, objects } = call.storage.read;
  const ids = await links.listTransitiveGroupIds(call.tenantId, id);
  const left = after ? ids.filter((groupId) => groupId > after.id) : ids;
  const items = await objects.findMany(call.tenantId, left.slice(0, limit));
  const last = left[limit - 1];
  if (left.length > limit && last !== undefined) {
    return answerMemberOf(call, { items, nextAfter: { key: null, id: last } }, []);
  }
  return answerMemberOf(call, { items }, await listRolesHeldBy(call.storage.read, call.tenantId, id));
}

function answerMemberOf(call: Call, page: Page<DirectoryObject>, roleIds: readonly string[]): Answer {
  const { items, ...rest } = showPage(page, mixedView(call.query.select));
  const roles = call.cast === undefined ? showRolesAmongOthers(roleIds, call.query.select) : [];
  return answerPage(call, 'directoryObjects', { ...rest, items: [...items, ...roles] });
}
