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
import { countRelated, queryRelated } from './query-related.ts';
import { mixedView } from './resource-view.ts';
import { showRolesAmongOthers } from './role-view.ts';

interface RelatedList {
  read(links: LinkStore, tenantId: string, id: string, page: LinkPage): Promise<Page<DirectoryObject>>;
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
  };
}

function pointingFrom(relation: Relation, kind?: ObjectKind): RelatedList {
  return {
    read: (links, tenantId, id, page) => links.listFrom(tenantId, relation, id, { ...(kind && { kind }), ...page }),
  };
}

/** Answers a page of what the object is related to. */
export async function listRelated(call: Call, name: RelatedListName, id: string): Promise<Answer> {
  const { links } = call.storage.read;
  const list: RelatedList = relatedLists[name];
  const page = isQuestion(call)
    ? await queryRelated(call, name, id)
    : await list.read(links, call.tenantId, id, { ...requestedPage(call), ...(call.cast && { kind: call.cast }) });
  const count = call.query.count ? await countRelated(call, name, id) : undefined;
  return answerPage(call, 'directoryObjects', showPage(page, mixedView(call.query.select)), count);
}

/** Whether some of the objects are asked for or an order, instead of all of them as they come. */
function isQuestion({ query }: Call): boolean {
  return query.filter !== undefined || query.orderBy !== undefined;
}

/**
 * Answers a page of the groups of which the object is a direct member, with the roles that it holds on the last one. Roles
 * are left out where groups are filtered or sorted.
 */
export async function listMemberOf(call: Call, id: string): Promise<Answer> {
  const { links, directoryRoles } = call.storage.read;
  const rolesOf = async () => {
    return (await directoryRoles.list(call.tenantId, { principalIds: [id] })).map(({ roleId }) => roleId);
  };
  return answerMemberOf(call, 'memberOf', id, rolesOf, () =>
    relatedLists.memberOf.read(links, call.tenantId, id, requestedPage(call)),
  );
}

/** The same of the groups and roles that it has directly or through groups. */
export async function listTransitiveMemberOf(call: Call, id: string): Promise<Answer> {
  const rolesOf = () => listRolesHeldBy(call.storage.read, call.tenantId, id);
  return answerMemberOf(call, 'transitiveMemberOf', id, rolesOf, async () => {
    const { limit, after } = requestedPage(call);
    const { links, objects } = call.storage.read;
    const ids = await links.listTransitiveGroupIds(call.tenantId, id);
    const left = after ? ids.filter((groupId) => groupId > after.id) : ids;
    const items = await objects.findMany(call.tenantId, left.slice(0, limit));
    const last = left[limit - 1];
    return left.length > limit && last !== undefined ? { items, nextAfter: { key: null, id: last } } : { items };
  });
}

async function answerMemberOf(
  call: Call,
  name: 'memberOf' | 'transitiveMemberOf',
  id: string,
  rolesOf: () => Promise<readonly string[]>,
  readGroups: () => Promise<Page<DirectoryObject>>,
): Promise<Answer> {
  const { select, count } = call.query;
  const withRoles = call.cast === undefined && !isQuestion(call);
  const page = await (isQuestion(call) ? queryRelated(call, name, id) : readGroups());
  const roles = withRoles && (count || !page.nextAfter) ? showRolesAmongOthers(await rolesOf(), select) : [];
  const total = count ? (await countRelated(call, name, id)) + roles.length : undefined;
  const { items, ...rest } = showPage(page, mixedView(select));
  return answerPage(call, 'directoryObjects', { ...rest, items: page.nextAfter ? items : [...items, ...roles] }, total);
}
