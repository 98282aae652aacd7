/** The members of a group in the target, held against those that it was told of. */
import type { Assessment } from './assess-object.ts';
import type { JobContext } from './context.ts';
import { mapsMembers, pageSize } from './mark-references.ts';
import { failedBy, type Performed } from './perform-act.ts';
import type { ProvisionedObject } from './store.ts';
import type { Answer } from './target.ts';

/** Where a group of the target differs from what it was told. */
export interface MemberDrift {
  /** Objects of the directory whose membership the target does not have any more. */
  missing: ProvisionedObject[];
  /** Objects of the directory that are members without having been sent. */
  unexpected: ProvisionedObject[];
  /** Ids of members that the job knows nothing of. */
  strangers: string[];
}

export const noDrift: MemberDrift = { missing: [], unexpected: [], strangers: [] };

export const driftProblem = { code: 'drift', detail: 'The target differs from the directory.' } as const;

/**
 * Looks also at the members of a group that is read back. Those that the job knows become due; those that it does not know
 * are taken out here.
 */
export async function readBackMembers(
  context: JobContext,
  { known, wish }: Assessment,
  performed: Performed,
  isReported: boolean,
): Promise<{ performed: Performed; drift: MemberDrift }> {
  const { target, signal } = context;
  const { targetId, problem } = performed;
  const isAsked = wish.kind === 'present' && targetId !== null && targetId === known.targetId;
  if ((problem && problem.code !== 'drift') || !isAsked || !readsMembersBack(context, known)) {
    return { performed, drift: noDrift };
  }
  const answer = await findDrift(context, known.sourceId, targetId);
  if (answer.kind !== 'done') return { performed: failedBy(performed, answer), drift: noDrift };
  const { missing, unexpected, strangers } = answer.value;
  if (isReported) {
    const idsOf = (objects: ProvisionedObject[]) => objects.flatMap((one) => one.targetId ?? []);
    const change = { name: 'members', before: [...idsOf(unexpected), ...strangers], after: idsOf(missing) };
    const isDrift = change.before.length + change.after.length > 0;
    const changes = isDrift ? [...performed.changes, change] : performed.changes;
    return {
      performed: isDrift ? { ...performed, action: 'update', changes, problem: driftProblem } : performed,
      drift: noDrift,
    };
  }
  if (strangers.length === 0) return { performed, drift: answer.value };
  const removed = await target.changeMembers(targetId, { added: [], removed: strangers }, signal);
  if (removed.kind !== 'done') return { performed: failedBy(performed, removed), drift: answer.value };
  const changes = [...performed.changes, { name: 'members', before: strangers }];
  return { performed: { ...performed, action: 'update', changes }, drift: answer.value };
}

/** Whether the members of a group are to be read back: it was in the target before, and its reading goes deeper than that. */
function readsMembersBack({ job }: JobContext, { kind, state, reading }: ProvisionedObject): boolean {
  return kind === 'group' && state === 'active' && reading !== 'changed' && mapsMembers(job.definition.mappings);
}

/** Asks the target for everybody in the group. */
async function findDrift(
  { storage: { read }, job, target, signal }: JobContext,
  groupId: string,
  targetId: string,
): Promise<Answer<MemberDrift>> {
  const answer = await target.listMembers(targetId, signal);
  if (answer.kind !== 'done') return answer;
  if (answer.value === null) return { kind: 'done', value: noDrift };
  const { tenantId, id: jobId } = job;
  const present = new Set(answer.value);
  const missing: ProvisionedObject[] = [];
  for (let after = '', isMore = true; isMore; ) {
    const sent = await read.provisionedMembers.listSent(tenantId, jobId, groupId, pageSize, after);
    for (const member of await read.provisionedObjects.find(tenantId, jobId, sent)) {
      if (member.targetId !== null && !present.delete(member.targetId)) missing.push(member);
    }
    after = sent.at(-1) ?? '';
    isMore = sent.length === pageSize;
  }
  const unexpected: ProvisionedObject[] = [];
  const strangers: string[] = [];
  for (const id of present) {
    const known = await read.provisionedObjects.findByTarget(tenantId, jobId, id);
    if (known) unexpected.push(known);
    else strangers.push(id);
  }
  return { kind: 'done', value: { missing, unexpected, strangers } };
}
