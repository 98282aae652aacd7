/** The members of groups, told to the target one by one: what that costs follows from what changed, not from the group. */
import { step } from './assess-object.ts';
import type { JobContext } from './context.ts';
import type { LogEntry } from './log-entry.ts';
import { mapsMembers, pagesOf } from './mark-references.ts';
import { provisioningProblems } from './problems.ts';
import { retryWait, spreadOf } from './retry.ts';
import type { ProvisionedMember, ProvisionedObject } from './store.ts';
import type { Answer, MemberChange, TargetFailure } from './target.ts';

/** Whether the target got the group without its members so far. */
export function needsMembers(
  { definition }: JobContext['job'],
  group: Pick<ProvisionedObject, 'kind' | 'state' | 'hasMembersRead'>,
): boolean {
  return (
    group.kind === 'group' && group.state === 'active' && !group.hasMembersRead && mapsMembers(definition.mappings)
  );
}

/** Makes every member of a group due that the target got just now, and then remembers that. */
export async function readMembers(context: JobContext, group: ProvisionedObject): Promise<void> {
  const { storage, job, now } = context;
  const { tenantId, id: jobId, definition } = job;
  const { links } = storage.read;
  const pages = pagesOf((page) =>
    definition.flattensGroups
      ? links.listTransitiveMembers(tenantId, group.sourceId, { ...page, kind: 'user' })
      : links.listTo(tenantId, 'member', group.sourceId, page),
  );
  const mark = (ids: string[]) =>
    storage.write((stores) => stores.provisionedMembers.markDue(tenantId, jobId, group.sourceId, ids, now()));
  for await (const ids of pages) await mark(ids);
  const { kind, mark: seen, reading, ...worked } = group;
  await storage.write(async (stores) => {
    await stores.provisionedObjects.save(tenantId, jobId, { ...worked, hasMembersRead: true, dueAt: null }, seen);
  });
}

export interface MembersWorked {
  /** How many memberships were looked at. */
  looked: number;
  failure: TargetFailure | null;
  entries: LogEntry[];
}

/** Works on due memberships of one group; none when nothing is due. */
export async function workOnMembers(context: JobContext): Promise<MembersWorked> {
  const { storage, job, target, now } = context;
  const { tenantId, id: jobId } = job;
  const perRequest = target.abilities.membersPerRequest;
  const due = await storage.read.provisionedMembers.listDue(tenantId, jobId, now(), perRequest);
  const [first] = due;
  if (!first) return { looked: 0, failure: null, entries: [] };
  const { groupId } = first;
  const known = await storage.read.provisionedObjects.find(tenantId, jobId, [
    groupId,
    ...due.map((one) => one.memberId),
  ]);
  const byId = new Map(known.map((one) => [one.sourceId, one]));
  const group = byId.get(groupId);
  if (group?.state !== 'active' || group.targetId === null) {
    // When the group arrives in the target, all of its members are looked at.
    const forgotten = due.map((one) => ({ ...one, isSent: false }));
    await storage.write((stores) => stores.provisionedMembers.save(tenantId, jobId, forgotten, null));
    return { looked: due.length, failure: null, entries: [] };
  }

  const wanted = await Promise.all(due.map((one) => isWanted(context, groupId, byId.get(one.memberId))));
  const differing = due.flatMap((one, index) => {
    const targetId = byId.get(one.memberId)?.targetId ?? null;
    return wanted[index] === one.isSent || targetId === null ? [] : [{ member: one, targetId }];
  });
  const settled = due.filter((one) => !differing.some(({ member }) => member === one));
  const entries: LogEntry[] = [];
  const failure = await send(context, group, differing, entries);
  await storage.write(async (stores) => {
    await stores.provisionedMembers.save(tenantId, jobId, settled.map(withoutLost(byId)), null);
    await stores.provisioningLog.append(tenantId, entries);
  });
  return { looked: due.length, failure, entries };
}

interface Differing {
  member: ProvisionedMember;
  targetId: string;
}

/** Sends the changes, and saves them. When the target refuses several, each is tried alone, so that one does not stop all. */
async function send(
  context: JobContext,
  group: ProvisionedObject,
  differing: readonly Differing[],
  entries: LogEntry[],
): Promise<TargetFailure | null> {
  if (differing.length === 0 || group.targetId === null) return null;
  const { storage, job, target, signal, now } = context;
  const { tenantId, id: jobId } = job;
  const idsThat = (isSent: boolean) =>
    differing.filter(({ member }) => member.isSent === isSent).map(({ targetId }) => targetId);
  const change: MemberChange = { added: idsThat(false), removed: idsThat(true) };
  const startedAt = now();
  const answer = await target.changeMembers(group.targetId, change, signal);
  if (answer.kind === 'refused' && differing.length > 1) {
    let failure: TargetFailure | null = null;
    for (const one of differing) failure = (await send(context, group, [one], entries)) ?? failure;
    return failure;
  }
  if (signal.aborted && answer.kind !== 'done') throw signal.reason;
  entries.push(await entryOf(context, group, change, answer, startedAt));
  const wait = answer.kind === 'done' ? null : retryWait(2, spreadOf(group.sourceId));
  const members = differing.map(({ member }) => ({ ...member, isSent: member.isSent !== (answer.kind === 'done') }));
  await storage.write(async (stores) => {
    const dueAt = wait === null ? null : new Date(now().getTime() + wait);
    await stores.provisionedMembers.save(tenantId, jobId, members, dueAt);
    if (answer.kind === 'notFound') {
      await stores.provisionedObjects.markDue(tenantId, jobId, [group], now(), 'repair');
    }
  });
  return answer.kind === 'done' ? null : answer;
}

/** Whether the member should be in the group: it is, in the directory, and the target has it. */
async function isWanted(
  { storage, job }: JobContext,
  groupId: string,
  member: ProvisionedObject | undefined,
): Promise<boolean> {
  if (!member || member.targetId === null || member.state === 'absent') return false;
  const { links, objects } = storage.read;
  if (!(await objects.find(job.tenantId, member.sourceId))) return false;
  if (job.definition.flattensGroups) {
    const groups = await links.listTransitiveGroupIds(job.tenantId, member.sourceId, [groupId]);
    return groups.length > 0;
  }
  return links.has(job.tenantId, {
    relation: 'member',
    fromId: groupId,
    fromKind: 'group',
    toId: member.sourceId,
    toKind: member.kind,
  });
}

/** A member that is gone from the target is in no group there. */
function withoutLost(byId: ReadonlyMap<string, ProvisionedObject>) {
  return (member: ProvisionedMember): ProvisionedMember =>
    byId.get(member.memberId)?.targetId ? member : { ...member, isSent: false };
}

async function entryOf(
  { storage, job, now, newId }: JobContext,
  group: ProvisionedObject,
  { added, removed }: MemberChange,
  answer: Answer<undefined>,
  startedAt: Date,
): Promise<LogEntry> {
  const source = await storage.read.objects.find(job.tenantId, group.sourceId);
  const name = String(source?.attributes['displayName'] ?? group.sourceId);
  const changes = [
    ...(added.length > 0 ? [{ name: 'members', after: added }] : []),
    ...(removed.length > 0 ? [{ name: 'members', before: removed }] : []),
  ];
  const isDone = answer.kind === 'done';
  const detail = isDone ? `${added.length} added, ${removed.length} removed.` : answer.detail;
  return {
    id: newId(),
    at: now(),
    jobId: job.id,
    cycleId: job.progress.cycle?.id ?? '',
    servicePrincipalId: job.servicePrincipalId,
    action: 'update',
    status: isDone ? 'success' : 'failure',
    source: { id: group.sourceId, kind: 'group', name },
    target: { type: job.definition.mappings.find((one) => one.source === 'group')?.target ?? '', id: group.targetId },
    durationMilliseconds: now().getTime() - startedAt.getTime(),
    steps: [step('act', isDone ? 'success' : 'failure', detail)],
    changes: isDone ? changes : [],
    problem: isDone ? null : { code: answer.kind, detail, advice: provisioningProblems[answer.kind] },
  };
}
