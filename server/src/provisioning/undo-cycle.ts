/**
 * Takes back in the target what a cycle changed there, from the log, the newest change first. Nothing remembers how far that
 * came: each change is held against what the target has now, so it can be asked for again after any failure, and takes back
 * what is left. What was taken back stays so until the object changes in the directory or the job is restarted.
 */
import { type Act, auditEvent } from '../audit/index.ts';
import { assessUndo, type Undo } from './assess-undo.ts';
import type { EngineStores, JobContext } from './context.ts';
import { refuse } from './errors.ts';
import type { Job } from './job.ts';
import type { LogAction, LogEntry, LogPosition } from './log-entry.ts';
import { membersAttribute } from './mapping.ts';
import { provisioningProblems } from './problems.ts';
import type { Answer, TargetObject } from './target.ts';

/** Entries of the log that are read together. */
const entriesAtOnce = 200;
/** Objects whose changes are taken back at once. */
const objectsAtOnce = 16;

/** @throws Refusal `provisioning.cycle_not_found` */
export async function checkCycle(
  { provisioningLog }: Pick<EngineStores, 'provisioningLog'>,
  job: Job,
  cycleId: string,
): Promise<void> {
  const found = await provisioningLog.list(job.tenantId, { jobId: job.id, cycleId, status: 'success' }, 1);
  if (found.length === 0) throw refuse('provisioning.cycle_not_found', { id: cycleId });
}

/**
 * Writes down that somebody takes the cycle back.
 * @throws Refusal `provisioning.cycle_not_found`, `provisioning.job_runs`
 */
export async function beginUndo(stores: EngineStores, act: Act, job: Job, cycleId: string): Promise<void> {
  await checkCycle(stores, job, cycleId);
  if (job.control.wanted === 'running') throw refuse('provisioning.job_runs', { id: job.id });
  const about = { kind: 'provisioningJob', id: job.id, name: job.definition.target.baseUrl };
  await stores.audit.append([
    auditEvent(act, 'provisioningJob.undo', about, [{ property: 'cycleId', before: cycleId, after: null }]),
  ]);
}

/** What taking the cycle back would do. Nothing is written anywhere. */
export function planUndo(context: JobContext, cycleId: string): AsyncGenerator<LogEntry> {
  return takeBack(context, cycleId, async (undo) => undo);
}

/** Takes the cycle back, and tells of each change. The changes are logged as a cycle of their own. */
export function undoCycle(context: JobContext, cycleId: string): AsyncGenerator<LogEntry> {
  const cycle = context.newId();
  const { storage, job } = context;
  return takeBack(context, cycleId, async (undo, entry, startedAt) => {
    const done = await perform(context, undo, entry);
    if (done.kind === 'nothing') return done;
    await storage.write(async (stores) => {
      await stores.provisioningLog.append(job.tenantId, [tell(context, cycle, done, entry, startedAt)]);
      await keep(stores, context, done, entry);
    });
    return done;
  });
}

type Take = (undo: Undo, entry: LogEntry, startedAt: Date) => Promise<Undo>;

async function* takeBack(context: JobContext, cycleId: string, take: Take): AsyncGenerator<LogEntry> {
  const { storage, job, signal } = context;
  const query = { jobId: job.id, cycleId, status: 'success' } as const;
  for (let after: LogPosition | undefined; !signal.aborted; ) {
    const page = await storage.read.provisioningLog.list(job.tenantId, query, entriesAtOnce, after);
    const changing = page.filter(({ action }) => action !== 'other');
    // Changes of one object are taken back one after the other.
    const chains = [...Map.groupBy(changing, ({ target }) => target.id).values()];
    for (let start = 0; start < chains.length; start += objectsAtOnce) {
      const some = chains.slice(start, start + objectsAtOnce);
      yield* (await Promise.all(some.map((chain) => takeChain(context, cycleId, chain, take)))).flat();
    }
    after = page.at(-1);
    if (page.length < entriesAtOnce) return;
  }
}

async function takeChain(
  context: JobContext,
  cycleId: string,
  chain: readonly LogEntry[],
  take: Take,
): Promise<LogEntry[]> {
  const told: LogEntry[] = [];
  let current: Answer<TargetObject> | undefined;
  for (const entry of chain) {
    const startedAt = context.now();
    const { type, id } = entry.target;
    current ??= await context.target.read(type, id ?? '', context.signal);
    const undo = await take(await assessUndo(context, entry, current), entry, startedAt);
    told.push(tell(context, cycleId, undo, entry, startedAt));
    if (undo.kind === 'write') current = { kind: 'done', value: { id: id ?? '', content: undo.reversal.content } };
    if (undo.kind === 'remove') current = { kind: 'notFound', detail: 'It was taken back.' };
  }
  return told;
}

/** Does it in the target. */
async function perform({ target, signal }: JobContext, undo: Undo, { target: { type, id } }: LogEntry): Promise<Undo> {
  if (undo.kind === 'remove') return orFailure(undo, await target.remove(type, undo.current.id, signal));
  if (undo.kind === 'members') return orFailure(undo, await target.changeMembers(id ?? '', undo.change, signal));
  if (undo.kind !== 'write') return undo;
  const answer = await target.setBack(type, undo.current, undo.reversal, signal);
  return answer.kind === 'done' ? { ...undo, madeId: answer.value } : orFailure(undo, answer);
}

function orFailure(undo: Undo, answer: Answer<unknown>): Undo {
  if (answer.kind === 'done') return undo;
  return { kind: 'impossible', code: answer.kind, detail: answer.detail };
}

/** Corrects what the job knows of the object, so that it is compared when it is next due. */
async function keep(stores: EngineStores, { job, now }: JobContext, undo: Undo, entry: LogEntry): Promise<void> {
  const { tenantId, id: jobId } = job;
  const [row] = await stores.provisionedObjects.find(tenantId, jobId, [entry.source.id]);
  if (!row) return;
  const { kind, reading, ...known } = row;
  const save = (change: Partial<typeof known>) =>
    stores.provisionedObjects.save(tenantId, jobId, [{ ...known, ...change }]);
  if (undo.kind === 'remove' && row.targetId === entry.target.id) {
    await save({ targetId: null, state: 'absent', digest: null, hasMembersRead: false, dueAt: null, problem: null });
    await stores.provisionedMembers.forgetSent(tenantId, jobId, entry.source.id, now());
  }
  if (undo.kind !== 'write') return;
  if (undo.current) return row.targetId === undo.current.id ? save({ digest: null }) : undefined;
  // It stays in the target although it is out of scope, as if the job had been told to leave it there.
  if (row.targetId === null) await save({ targetId: undo.madeId, state: 'removed', digest: 'delete' });
}

const actions: Record<Undo['kind'], LogAction> = {
  nothing: 'other',
  impossible: 'other',
  remove: 'delete',
  write: 'update',
  members: 'update',
};

/** How the log tells of a change that was, or would be, taken back. */
function tell(context: JobContext, cycleId: string, undo: Undo, entry: LogEntry, startedAt: Date): LogEntry {
  const { newId, now } = context;
  const problem = problemOf(undo);
  const isMade = undo.kind === 'write' && undo.current === undefined;
  return {
    ...entry,
    id: newId(),
    at: now(),
    cycleId,
    action: isMade ? 'create' : actions[undo.kind],
    status: statusOf(undo, problem !== null),
    target: { ...entry.target, id: isMade ? (undo.madeId ?? null) : entry.target.id },
    durationMilliseconds: now().getTime() - startedAt.getTime(),
    steps: [
      { name: 'read', status: 'success', detail: `Takes back: ${entry.action} of ${entry.at.toISOString()}.` },
      { name: 'compare', status: problem ? 'failure' : 'success', detail: problem?.detail ?? detailOf(undo) },
    ],
    changes: changesOf(context, undo, entry),
    problem: problem && { ...problem, advice: provisioningProblems[problem.code] },
  };
}

function statusOf({ kind }: Undo, hasProblem: boolean): LogEntry['status'] {
  if (kind === 'nothing') return 'skipped';
  if (kind === 'impossible') return 'failure';
  return hasProblem ? 'warning' : 'success';
}

function problemOf(undo: Undo) {
  if (undo.kind === 'impossible') return { code: undo.code, detail: undo.detail };
  if (undo.kind !== 'write' || undo.reversal.kept.length === 0) return null;
  const names = undo.reversal.kept.map(({ name }) => name).join(', ');
  return { code: 'changed_since', detail: `It was changed after the cycle, and is left so: ${names}.` } as const;
}

function detailOf(undo: Undo): string {
  return undo.kind === 'nothing' ? undo.detail : 'The target has it as the cycle left it.';
}

function changesOf({ target }: JobContext, undo: Undo, entry: LogEntry): LogEntry['changes'] {
  switch (undo.kind) {
    case 'write':
      return undo.reversal.changes;
    case 'remove':
      return target.lossOf(entry.target.type, undo.current);
    case 'members':
      return [
        ...(undo.change.added.length > 0 ? [{ name: membersAttribute, after: undo.change.added }] : []),
        ...(undo.change.removed.length > 0 ? [{ name: membersAttribute, before: undo.change.removed }] : []),
      ];
    default:
      return [];
  }
}
