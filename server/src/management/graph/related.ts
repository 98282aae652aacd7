import type { DirectoryObject, LinkPage, LinkStore, Page, Relation } from '../../directory/index.ts';
import type { Answer, Call } from './call.ts';
import { answerPage, requestedPage, showPage } from './pages.ts';
import { mixedView } from './resource-view.ts';

type ReadPage = (links: LinkStore, tenantId: string, id: string, page: LinkPage) => Promise<Page<DirectoryObject>>;

/** What an object is related to, under the names that Microsoft Graph gives to these lists. */
export const relatedLists = {
  members: listTo('member'),
  owners: listTo('owner'),
  memberOf: listFrom('member', 'group'),
  ownedObjects: listFrom('owner'),
  directReports: listFrom('manager', 'user'),
  transitiveMembers: (links, tenantId, id, page) => links.listTransitiveMembers(tenantId, id, page),
} satisfies Record<string, ReadPage>;

export type RelatedList = keyof typeof relatedLists;

function listTo(relation: Relation): ReadPage {
  return (links, tenantId, id, page) => links.listTo(tenantId, relation, id, page);
}

function listFrom(relation: Relation, kind?: LinkPage['kind']): ReadPage {
  return (links, tenantId, id, page) => links.listFrom(tenantId, relation, id, { ...(kind && { kind }), ...page });
}

/** Answers a page of what the object is related to. */
export async function listRelated(call: Call, list: RelatedList, id: string): Promise<Answer> {
  const show = mixedView(call.query.select);
  const request: LinkPage = { ...requestedPage(call), ...(call.cast && { kind: call.cast }) };
  const page = await relatedLists[list](call.storage.read.links, call.tenantId, id, request);
  return answerPage(call, 'directoryObjects', showPage(page, show));
}
