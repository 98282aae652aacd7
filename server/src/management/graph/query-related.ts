import { applicationKind, servicePrincipalKind } from '../../applications/index.ts';
import {
  countObjects,
  type DirectoryObject,
  directoryKinds,
  type Filter,
  findObjects,
  type LinkStore,
  type ObjectKind,
  type ObjectKindDefinition,
  type Page,
} from '../../directory/index.ts';
import type { Call } from './call.ts';
import { unsupportedQuery } from './error.ts';
import { filterable, sortable } from './filterable.ts';
import { translateFilter } from './odata/translate-filter.ts';
import { requestedPage } from './pages.ts';
import { kindView } from './resource-view.ts';

/** A list of related objects, as a question to the directory: of which kinds they are, and what makes them related. */
interface RelatedQuestion {
  kinds: readonly ObjectKind[];
  /** Undefined when nothing is related. */
  term(links: LinkStore, tenantId: string, id: string): Filter | Promise<Filter | undefined>;
}

/** Groups below a group whose members are searched together: a filter has so many terms at most. */
const mostNested = 200;

const relatedQuestions = {
  members: {
    kinds: ['group', 'servicePrincipal', 'user'],
    term: (_links, _tenantId, id) => ({ op: 'pointedToBy', relation: 'member', id }),
  },
  owners: {
    kinds: ['servicePrincipal', 'user'],
    term: (_links, _tenantId, id) => ({ op: 'pointedToBy', relation: 'owner', id }),
  },
  memberOf: {
    kinds: ['group'],
    term: (_links, _tenantId, id) => ({ op: 'pointsTo', relation: 'member', id }),
  },
  transitiveMemberOf: {
    kinds: ['group'],
    term: async (links, tenantId, id) => {
      const values = await links.listTransitiveGroupIds(tenantId, id);
      return values.length === 0 ? undefined : { op: 'in', attribute: 'id', values };
    },
  },
  transitiveMembers: {
    kinds: ['group', 'servicePrincipal', 'user'],
    term: async (links, tenantId, id) => {
      const below = await links.listTransitiveMembers(tenantId, id, { kind: 'group', limit: mostNested });
      if (below.nextAfter)
        throw unsupportedQuery(`Members of more than ${mostNested} nested groups cannot be searched.`);
      const groupIds = [id, ...below.items.map((group) => group.id)];
      return { op: 'or', terms: groupIds.map((groupId) => ({ op: 'pointedToBy', relation: 'member', id: groupId })) };
    },
  },
  ownedObjects: {
    kinds: ['application', 'group', 'servicePrincipal'],
    term: (_links, _tenantId, id) => ({ op: 'pointsTo', relation: 'owner', id }),
  },
  directReports: {
    kinds: ['user'],
    term: (_links, _tenantId, id) => ({ op: 'pointsTo', relation: 'manager', id }),
  },
} as const satisfies Record<string, RelatedQuestion>;

type RelatedQuestionName = keyof typeof relatedQuestions;

/** A question to the objects of one kind. */
interface KindQuestion {
  kind: ObjectKindDefinition;
  filter: Filter;
}

/**
 * A page of the related objects that fit `$filter` and `$search`, one kind after the other. `$orderby` asks for one kind.
 *
 * @throws GraphError for a property that none of the kinds has, or an order over several kinds
 */
export async function queryRelated(call: Call, name: RelatedQuestionName, id: string): Promise<Page<DirectoryObject>> {
  const questions = await questionsOf(call, name, id);
  const { orderBy } = call.query;
  const [only] = questions;
  if (orderBy && questions.length > 1) {
    throw unsupportedQuery(
      '$orderby takes a list of one kind: end the path with one, as in /members/microsoft.graph.user.',
    );
  }
  const order = orderBy && only && { orderBy: sortable(kindView(only.kind.kind).resource, orderBy) };
  const { limit, after } = requestedPage(call);
  const start = after && placeOf(after.key);
  const items: DirectoryObject[] = [];
  for (const { kind, filter } of questions) {
    if (start && kind.kind < start.kind) continue;
    // Whether more follow is seen by asking for them: the last page of a list may be empty.
    if (items.length === limit) return { items, nextAfter: { key: kind.kind, id: '' } };
    const page = await findObjects(call.storage.read, call.tenantId, kind, {
      filter,
      ...order,
      limit: limit - items.length,
      ...(start?.kind === kind.kind && after && { after: { key: start.key, id: after.id } }),
    });
    items.push(...page.items);
    const { nextAfter } = page;
    if (nextAfter) return { items, nextAfter: { key: keyOf(kind, nextAfter.key), id: nextAfter.id } };
  }
  return { items };
}

/** How many related objects fit. */
export async function countRelated(call: Call, name: RelatedQuestionName, id: string): Promise<number> {
  const counts = [];
  for (const { kind, filter } of await questionsOf(call, name, id)) {
    counts.push(await countObjects(call.storage.read, call.tenantId, kind, filter));
  }
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The questions to each kind that has the properties which are asked for. */
async function questionsOf(call: Call, name: RelatedQuestionName, id: string): Promise<KindQuestion[]> {
  const question: RelatedQuestion = relatedQuestions[name];
  const related = await question.term(call.storage.read.links, call.tenantId, id);
  if (related === undefined) return [];
  const found: KindQuestion[] = [];
  let unknown: unknown;
  for (const kind of kinds.filter(({ kind }) => question.kinds.includes(kind) && (call.cast ?? kind) === kind)) {
    try {
      const asked = call.query.filter && translateFilter(call.query.filter, filterable(kindView(kind.kind).resource));
      found.push({ kind, filter: asked ? { op: 'and', terms: [related, asked] } : related });
    } catch (error) {
      unknown = error;
    }
  }
  if (found.length === 0 && unknown !== undefined) throw unknown;
  return found;
}

/** In the order in which mixed lists come. */
const kinds = [...directoryKinds, applicationKind, servicePrincipalKind].toSorted((a, b) => (a.kind < b.kind ? -1 : 1));

/** The place in a mixed list: the kind, and behind a space the key of the order if there is one. */
function keyOf({ kind }: ObjectKindDefinition, key: string | null): string {
  return key === null ? kind : `${kind} ${key}`;
}

function placeOf(key: string | null): { kind: string; key: string | null } {
  const [, kind = '', rest] = /^(\w*)(?: (.*))?$/s.exec(key ?? '') ?? [];
  return { kind, key: rest ?? null };
}
