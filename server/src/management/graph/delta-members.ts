import type { Change, ObjectKind, PagePosition } from '../../directory/index.ts';
import type { Call } from './call.ts';
import { kindView, type Shown } from './resource-view.ts';

/** A group of which the members after this place are still to be told. */
export interface PendingMembers {
  id: string;
  after: PagePosition;
}

/** Members that come with the group itself, and members on each page after it. */
const membersAtOnce = { first: 200, more: 1000 };

interface ShownMembers {
  shown: Shown;
  rest: PendingMembers[];
}

/** The first members of a group as `members@delta`, and the place of the rest. */
export function showFirstMembers(call: Call, groupId: string): Promise<ShownMembers> {
  return showMembers(call, groupId, membersAtOnce.first);
}

/** Further members of a group. Microsoft Graph repeats the group with nothing but its id for them. */
export async function showMoreMembers(call: Call, { id, after }: PendingMembers): Promise<ShownMembers> {
  const { shown, rest } = await showMembers(call, id, membersAtOnce.more, after);
  return { shown: { id, ...shown }, rest };
}

async function showMembers(call: Call, id: string, limit: number, after?: PagePosition): Promise<ShownMembers> {
  const { links } = call.storage.read;
  const page = await links.listTo(call.tenantId, 'member', id, { limit, ...(after && { after }) });
  const members = page.items.map((member) => showMember(member.kind, member.id));
  return {
    shown: members.length > 0 ? { 'members@delta': members } : {},
    rest: page.nextAfter ? [{ id, after: page.nextAfter }] : [],
  };
}

/** What the changes of a group say of its members: the last one of each member counts. */
export function memberChanges(changes: readonly Change[]): Shown[] {
  const members = new Map<string, Shown>();
  for (const { verb, detail } of changes) {
    if (detail?.['relation'] !== 'member') continue;
    const [toId, toKind] = [String(detail['toId']), String(detail['toKind'])];
    const member = showMember(toKind as ObjectKind, toId);
    members.set(toId, verb === 'unlinked' ? { ...member, '@removed': { reason: 'deleted' } } : member);
  }
  return [...members.values()];
}

function showMember(kind: ObjectKind, id: string): Shown {
  return { '@odata.type': `#${kindView(kind).resource.type}`, id };
}
