/** One object, worked on to the end: assessed, done in the target, saved and logged. */
import { type Assessment, actionOf, assessObject } from './assess-object.ts';
import type { JobContext } from './context.ts';
import { entryOfJob } from './entry-of-job.ts';
import type { CountName } from './job.ts';
import type { LogEntry } from './log-entry.ts';
import { type Performed, performAct } from './perform-act.ts';
import { provisioningProblems } from './problems.ts';
import { driftProblem, type MemberDrift, noDrift, readBackMembers } from './read-back-members.ts';
import { retryWait, spreadOf } from './retry.ts';
import type { Settle, Settlement } from './settle-objects.ts';
import type { ProvisionedObject, WorkedObject } from './store.ts';
import type { TargetFailure } from './target.ts';
import { needsMembers } from './work-on-members.ts';

export interface Worked {
  count: CountName;
  /** Null when nothing happened that people would look for. */
  entry: LogEntry | null;
  /** What the target answered in the end, when it was no success. */
  failure: TargetFailure | null;
  /** The removal was put off until all removals of the cycle are known. */
  isPutOff: boolean;
}

export interface WorkOptions {
  /** Whether removals are done now; else they are put off. */
  mayRemove: boolean;
  /** Logs also that nothing was to be done. */
  isOnDemand?: boolean;
  settle: Settle;
}

export async function workOnObject(
  context: JobContext,
  known: ProvisionedObject,
  { mayRemove, isOnDemand = false, settle }: WorkOptions,
): Promise<Worked> {
  const startedAt = context.now();
  const assessment = await assessObject(context, known);
  const { act, wish } = assessment;
  const isChange = act.kind === 'create' || act.kind === 'update' || act.kind === 'delete';
  if (isChange && wish.kind === 'removed' && !mayRemove) {
    await settle(putOff(known));
    return { count: 'unchanged', entry: null, failure: null, isPutOff: true };
  }
  const isReported = known.reading === 'report' && known.state === 'active';
  const done = isReported && isChange ? reported(assessment) : await performAct(context, assessment);
  const { performed, drift } = await readBackMembers(context, assessment, done, isReported);
  // What was under way when the job was stopped is done again; its answer is not known.
  if (context.signal.aborted && performed.problem) throw context.signal.reason;
  const isWorthLogging = isOnDemand || performed.problem !== null || performed.action !== 'other';
  const entry = isWorthLogging ? entryOf(context, assessment, performed, startedAt) : null;
  await settle(settlementOf(context, assessment, performed, drift, entry));
  return {
    count: countOf(assessment, performed),
    entry,
    failure: performed.problem?.failure ?? null,
    isPutOff: false,
  };
}

/** The object differs in the target, and the job only says so. */
function reported(assessment: Assessment): Performed {
  return { ...foreseen(assessment), problem: driftProblem };
}

/** What would come of the act. */
export function foreseen({ act, current, known }: Assessment): Performed {
  return {
    action: actionOf(act),
    targetId: current?.id ?? known.targetId,
    changes: 'changes' in act ? act.changes : [],
    problem: act.kind === 'problem' ? act : null,
    takenOverFrom: null,
    displaced: null,
  };
}

/** The removal waits until all removals of the cycle are known. */
function putOff(known: ProvisionedObject): Settlement {
  const worked = { ...unchanged(known), awaitsRemoval: true, dueAt: null };
  const nothing = { hasArrived: false, isGone: false, takenOverFrom: null, displaced: null, entry: null };
  return { known, worked, drift: noDrift, ...nothing };
}

function settlementOf(
  context: JobContext,
  assessment: Assessment,
  performed: Performed,
  drift: MemberDrift,
  entry: LogEntry | null,
): Settlement {
  const { known, mapping, wish, source } = assessment;
  const { takenOverFrom, displaced } = performed;
  const worked = workedObject(context, assessment, performed);
  const isNew = worked.targetId !== null && (worked.targetId !== known.targetId || known.state !== 'active');
  const hasArrived = isNew && mapping !== undefined && wish.kind === 'present';
  const isGone = wish.kind !== 'present' && worked.targetId === null && !source.isLiving;
  return { known, worked, hasArrived, isGone, drift, takenOverFrom, displaced, entry };
}

/** What the job knows of the object now. */
function workedObject({ job, now }: JobContext, assessment: Assessment, performed: Performed): WorkedObject {
  const { known, wish, digest } = assessment;
  const { problem } = performed;
  if (problem?.code === 'drift') return { ...unchanged(known), dueAt: null };
  if (problem) {
    const attempts = known.attempts + 1;
    const wait = problem.failure?.retryAfterSeconds;
    const milliseconds = Math.max(retryWait(attempts, spreadOf(known.sourceId)), (wait ?? 0) * 1000);
    const since = known.problem?.since ?? now().toISOString();
    return {
      ...unchanged(known),
      digest: null,
      attempts,
      dueAt: new Date(now().getTime() + milliseconds),
      problem: { code: problem.code, detail: problem.detail, since },
    };
  }
  const settled = { ...unchanged(known), awaitsRemoval: false, attempts: 0, problem: null, dueAt: null };
  if (wish.kind === 'nothing') return settled;
  if (wish.kind === 'removed') {
    const isDeleted = assessment.current === undefined || performed.action === 'delete';
    const left = isDeleted ? { targetId: null, state: 'absent' as const } : { state: 'removed' as const };
    return { ...settled, ...left, hasMembersRead: false, digest };
  }
  const { targetId } = performed;
  if (targetId === null) return settled;
  const hasMembersRead = known.hasMembersRead && targetId === known.targetId && known.state === 'active';
  // A group stays due until all of its members were looked at.
  const dueAt = needsMembers(job, { ...known, state: 'active', hasMembersRead }) ? now() : null;
  return { ...settled, targetId, state: 'active', digest, hasMembersRead, dueAt };
}

function unchanged({ kind, reading, ...worked }: ProvisionedObject): WorkedObject {
  return worked;
}

function countOf({ act }: Assessment, { action, problem }: Performed): CountName {
  if (problem) return 'failed';
  switch (action) {
    case 'create':
      return 'created';
    case 'update':
      return 'updated';
    case 'disable':
      return 'disabled';
    case 'delete':
      return 'deleted';
    case 'other':
      return act.kind === 'none' && !act.isUnchanged ? 'skipped' : 'unchanged';
  }
}

/** What the log says of the work on an object. */
export function entryOf(context: JobContext, assessment: Assessment, performed: Performed, startedAt: Date): LogEntry {
  const { source, steps, mapping, act } = assessment;
  const { problem } = performed;
  const isSkipped = act.kind === 'none' && !act.isUnchanged;
  return entryOfJob(context, startedAt, {
    action: performed.action,
    status: problem ? (problem.code === 'drift' ? 'warning' : 'failure') : isSkipped ? 'skipped' : 'success',
    source: { id: source.id, kind: source.kind, name: source.name },
    target: { type: mapping?.target ?? '', id: performed.targetId },
    steps,
    changes: performed.changes,
    problem: problem && { code: problem.code, detail: problem.detail, advice: provisioningProblems[problem.code] },
  });
}
