/** The members of groups, told to the target one by one: what that costs follows from what changed, not from the group. */
import { step } from './assess-object.ts';
import type { JobContext } from './context.ts';
import { entryOfJob } from './entry-of-job.ts';
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
  const { tenantId, id: jobId } = job;
  const mark = (ids: string[]) =>
    storage.write((stores) => stores.provisionedMembers.markDue(tenantId, jobId, group.sourceId, ids, now()));
  for await (const ids of memberPages(context, group.sourceId)) await mark(ids);
  const { kind, reading, ...worked } = group;
  await storage.write(async (stores) => {
    await stores.provisionedObjects.save(tenantId, jobId, [{ ...worked, hasMembersRead: true, dueAt: null }]);
  });
}

/** Ids of the members that the group should have in the target, as far as they are there themselves. */
export function memberPages({ storage, job }: JobContext, groupId: string): AsyncGenerator<string[]> {
  const { links } = storage.read;
  return pagesOf((page) =>
    job.definition.flattensGroups
      ? links.listTransitiveMembers(job.tenantId, groupId, { ...page, kind: 'user' })
      : links.listTo(job.tenantId, 'member', groupId, page),
  );
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

  const entries: LogEntry[] = [];
  const present = await ascertain(context, group, due, byId);
  if (present.kind !== 'done') {
    entries.push(await entryOf(context, group, { added: [], removed: [] }, present, now()));
    await saveOutcome(context, group, due, present);
    await storage.write((stores) => stores.provisioningLog.append(tenantId, entries));
    return { looked: due.length, failure: present, entries };
  }
  const members = present.value;
  const wanted = await Promise.all(members.map((one) => isWanted(context, groupId, byId.get(one.memberId))));
  const differing = members.flatMap((one, index) => {
    const targetId = byId.get(one.memberId)?.targetId ?? null;
    return wanted[index] === one.isSent || targetId === null ? [] : [{ member: one, targetId }];
  });
  const settled = members.filter((one) => !differing.some(({ member }) => member === one));
  const failure = await send(context, group, differing, entries);
  await storage.write(async (stores) => {
    await stores.provisionedMembers.save(tenantId, jobId, settled.map(withoutLost(byId)), null);
    await stores.provisioningLog.append(tenantId, entries);
  });
  return { looked: due.length, failure, entries };
}

/** The memberships with what the target really has, where it did not acknowledge a change. */
async function ascertain(
  { target, signal }: JobContext,
  group: ProvisionedObject,
  due: readonly ProvisionedMember[],
  byId: ReadonlyMap<string, ProvisionedObject>,
): Promise<Answer<readonly ProvisionedMember[]>> {
  if (group.targetId === null || !due.some(({ isUncertain }) => isUncertain)) return { kind: 'done', value: due };
  const answer = await target.listMembers(group.targetId, signal);
  if (answer.kind !== 'done') return answer;
  if (answer.value === null) return { kind: 'done', value: due };
  const present = new Set(answer.value);
  const isIn = ({ memberId }: ProvisionedMember) => present.has(byId.get(memberId)?.targetId ?? '');
  const value = due.map((one) => (one.isUncertain ? { ...one, isSent: isIn(one) } : one));
  return { kind: 'done', value };
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
  const members = differing.map(({ member }) => member);
  await storage.write((stores) => stores.provisionedMembers.markUncertain(tenantId, jobId, members));
  const answer = await target.changeMembers(group.targetId, change, signal);
  if (answer.kind === 'refused' && differing.length > 1) {
    let failure: TargetFailure | null = null;
    for (const one of differing) failure = (await send(context, group, [one], entries)) ?? failure;
    return failure;
  }
  if (signal.aborted && answer.kind !== 'done') throw signal.reason;
  entries.push(await entryOf(context, group, change, answer, startedAt));
  await saveOutcome(context, group, members, answer);
  return answer.kind === 'done' ? null : answer;
}

/** Answers after which the target may have done what it was asked, or not. */
const uncertain: ReadonlySet<Answer<undefined>['kind']> = new Set(['failed', 'malformed']);

async function saveOutcome(
  { storage, job, now }: JobContext,
  group: ProvisionedObject,
  asked: readonly ProvisionedMember[],
  answer: Answer<undefined>,
): Promise<void> {
  const { tenantId, id: jobId } = job;
  const isDone = answer.kind === 'done';
  const members = asked.map((member) => ({
    ...member,
    isSent: member.isSent !== isDone,
    isUncertain: !isDone && (member.isUncertain || uncertain.has(answer.kind)),
  }));
  const dueAt = isDone ? null : new Date(now().getTime() + retryWait(2, spreadOf(group.sourceId)));
  await storage.write(async (stores) => {
    await stores.provisionedMembers.save(tenantId, jobId, members, dueAt);
    if (answer.kind === 'notFound') {
      await stores.provisionedObjects.markDue(tenantId, jobId, [group], now(), 'repair');
    }
  });
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
  return (member: ProvisionedMember): ProvisionedMember => ({
    ...member,
    isSent: member.isSent && Boolean(byId.get(member.memberId)?.targetId),
    isUncertain: false,
  });
}

async function entryOf(
  context: JobContext,
  { sourceId, targetId }: ProvisionedObject,
  change: MemberChange,
  answer: Answer<undefined>,
  startedAt: Date,
): Promise<LogEntry> {
  const source = await context.storage.read.objects.find(context.job.tenantId, sourceId);
  const name = String(source?.attributes['displayName'] ?? sourceId);
  return entryOfMembers(context, { sourceId, targetId, name }, change, answer, startedAt);
}

/** How the log tells of members of a group. */
export function entryOfMembers(
  context: JobContext,
  { sourceId, targetId, name }: { sourceId: string; targetId: string | null; name: string },
  { added, removed }: MemberChange,
  answer: Answer<unknown>,
  startedAt: Date,
): LogEntry {
  const changes = [
    ...(added.length > 0 ? [{ name: 'members', after: added }] : []),
    ...(removed.length > 0 ? [{ name: 'members', before: removed }] : []),
  ];
  const isDone = answer.kind === 'done';
  const detail = isDone ? `${added.length} added, ${removed.length} removed.` : answer.detail;
  return entryOfJob(context, startedAt, {
    action: 'update',
    status: isDone ? 'success' : 'failure',
    source: { id: sourceId, kind: 'group', name },
    target: { type: context.job.definition.mappings.find((one) => one.source === 'group')?.target ?? '', id: targetId },
    steps: [step('act', isDone ? 'success' : 'failure', detail)],
    changes: isDone ? changes : [],
    problem: isDone ? null : { code: answer.kind, detail, advice: provisioningProblems[answer.kind] },
  });
}
