/**
 * One look at a job: everything that is to be done now is done, and what was done is saved with it, so that a process
 * that dies is continued by the next one wherever it was.
 *
 *     restart? -> quarantine? -> change feed -> [ scan a page -> work on what is due ]* -> memberships -> removals -> end
 */
import { auditEvent } from '../audit/index.ts';
import type { ChangePosition } from '../directory/index.ts';
import type { EngineStores, JobContext } from './context.ts';
import { findEmptyTypes } from './find-match.ts';
import { followChange } from './follow-changes.ts';
import { type CountName, countOne, type JobProgress, noCounts, type Quarantine } from './job.ts';
import { afterProbe, countRemovals, decideQuarantine, failuresAfter, quarantined } from './quarantine.ts';
import { readAhead } from './read-ahead.ts';
import { firstScan, scanPage } from './scan-directory.ts';
import { type Settle, settlingTogether } from './settle-objects.ts';
import type { ProvisionedObject } from './store.ts';
import type { TargetFailure } from './target.ts';
import { needsMembers, readMembers, workOnMembers } from './work-on-members.ts';
import { workOnObject } from './work-on-object.ts';

/** Changes of the feed that are followed in one transaction. */
const changesAtOnce = 500;
/** Due objects that are fetched together. */
const dueAtOnce = 500;

/** Told of everything that was done, for metrics. */
export interface JobObserver {
  counted(count: CountName): void;
}

/** Runs one look. Writes to `job.progress` of the context as it goes on. */
export async function runJob(context: JobContext, observer: JobObserver): Promise<void> {
  const run = new JobRun(context, observer);
  if (!(await run.begin())) return;
  await run.followFeed();
  await run.workOff();
  await run.end();
}

class JobRun {
  readonly #context: JobContext;
  readonly #observer: JobObserver;
  /** Failures of the target in a row. */
  #failures = 0;
  #mayRemove = false;
  readonly #settle: Settle;

  constructor(context: JobContext, observer: JobObserver) {
    this.#context = context;
    this.#observer = observer;
    this.#settle = settlingTogether(context);
  }

  get #progress(): JobProgress {
    return this.#context.job.progress;
  }

  /** False when there is nothing to do: the job is in quarantine. */
  async begin(): Promise<boolean> {
    const { job, now } = this.#context;
    if (this.#progress.phase === 'new') this.#context.emptyTypes = await findEmptyTypes(this.#context);
    if (job.control.restarts !== this.#progress.restarts || this.#progress.phase === 'new') await this.#restart();
    const { quarantine } = this.#progress;
    if (quarantine && !(await this.#leaveQuarantine(quarantine))) return false;
    const { reconciliation } = job.definition;
    const last = Date.parse(this.#progress.reconciledAt ?? now().toISOString());
    if (reconciliation && now().getTime() - last >= reconciliation.everyHours * 3_600_000) {
      const reading = reconciliation.repairs ? 'repair' : 'report';
      await this.#save({ reconciledAt: now().toISOString() }, (stores) =>
        stores.provisionedObjects.markAllDue(job.tenantId, job.id, now(), reading),
      );
    }
    return true;
  }

  /** Begins anew: everything that is known is compared, everything in scope is looked at. */
  async #restart(): Promise<void> {
    const { storage, job, now } = this.#context;
    // The place is taken before the directory is read, so that no change falls between.
    const { changes } = storage.read;
    const feed = { id: await changes.feedId(), position: await changes.end() };
    const { restarts } = job.control;
    const started = { restarts, phase: 'initial', feed, scan: firstScan(job), quarantine: null, cycle: null } as const;
    await this.#save({ ...started, reconciledAt: now().toISOString() }, (stores) =>
      stores.provisionedObjects.markAllDue(job.tenantId, job.id, now(), 'repair'),
    );
  }

  async #leaveQuarantine(quarantine: Quarantine): Promise<boolean> {
    const { job, target, now, signal } = this.#context;
    if (quarantine.reason === 'too_many_removals') {
      if (job.control.approvedCycle !== this.#progress.cycle?.id) return false;
      this.#mayRemove = true;
    } else {
      if (now().getTime() < Date.parse(quarantine.nextProbeAt)) return false;
      const answer = await target.test(signal);
      if (signal.aborted) return false;
      if (answer.kind !== 'done') {
        await this.#save({ quarantine: afterProbe(quarantine, answer.detail, now()) });
        return false;
      }
    }
    await this.#save({ quarantine: null }, (stores) => this.#audit(stores, 'leave_quarantine', quarantine));
    // What failed because of the target need not wait any longer.
    return true;
  }

  /** Marks what changed since the last look. */
  async followFeed(): Promise<void> {
    const { storage, job, now, signal } = this.#context;
    const { changes } = storage.read;
    const { feed } = this.#progress;
    if (!feed) return;
    if (feed.id !== (await changes.feedId()) || isBefore(feed.position, await changes.start())) return this.#restart();
    let { position } = feed;
    while (!signal.aborted) {
      const page = await changes.read(position, changesAtOnce, job.tenantId);
      const last = page.at(-1);
      if (!last) return;
      position = last.position;
      await this.#save({ feed: { id: feed.id, position } }, async (stores) => {
        for (const change of page) await followChange(stores, job, change, now());
      });
      if (page.length < changesAtOnce) return;
    }
  }

  /** Works until nothing is due now. */
  async workOff(): Promise<void> {
    const { job, storage, signal, now } = this.#context;
    while (!signal.aborted && !this.#progress.quarantine) {
      const due = await storage.read.provisionedObjects.listDue(job.tenantId, job.id, now(), dueAtOnce);
      const users = due.filter(({ kind }) => kind === 'user');
      // Groups come after the users that are their members.
      const next = users.length > 0 ? users : due;
      if (next.length > 0) await this.#work(next);
      else if (this.#progress.scan) await this.#scan(this.#progress.scan);
      else if (!(await this.#workMembers()) && !(await this.#decideRemovals())) return;
    }
  }

  async #scan(scan: NonNullable<JobProgress['scan']>): Promise<void> {
    const { storage, job, now } = this.#context;
    await this.#beginCycle();
    const next = await storage.write(async (stores) => {
      const further = await scanPage(stores, job, scan, now());
      await stores.provisioningJobs.saveProgress(job.tenantId, job.id, { ...this.#progress, scan: further });
      return further;
    });
    this.#set({ scan: next });
  }

  /** Works on objects, many at once; stops early when the job goes into quarantine. */
  async #work(objects: readonly ProvisionedObject[]): Promise<void> {
    await this.#beginCycle();
    const { mostAtOnce } = this.#context.job.definition;
    const waiting = [...objects];
    const context = { ...this.#context, ahead: await readAhead(this.#context, objects) };
    const options = { mayRemove: this.#mayRemove, settle: this.#settle };
    const one = async () => {
      try {
        while (!context.signal.aborted && !this.#progress.quarantine) {
          const object = waiting.shift();
          if (!object) return;
          const worked = await workOnObject(context, object, options);
          if (!worked.isPutOff) this.#count(worked.count);
          await this.#judge(worked.failure);
        }
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
    };
    // Whatever fails, nothing is under way any more when this ends.
    const ended = await Promise.allSettled(Array.from({ length: Math.min(mostAtOnce, waiting.length) }, one));
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
    await this.#save({});
    await this.#readMembersOf(objects);
  }

  /** Looks at the members of the groups among them that the target has just got. */
  async #readMembersOf(objects: readonly ProvisionedObject[]): Promise<void> {
    const { job, storage } = this.#context;
    const groups = objects.filter(({ kind }) => kind === 'group').map(({ sourceId }) => sourceId);
    for (const group of await storage.read.provisionedObjects.find(job.tenantId, job.id, groups)) {
      if (needsMembers(job, group)) await readMembers(this.#context, group);
    }
  }

  /** False when no membership is due. */
  async #workMembers(): Promise<boolean> {
    const { looked, failure, entries } = await workOnMembers(this.#context);
    if (looked === 0) return false;
    if (entries.length > 0) {
      await this.#beginCycle();
      this.#count(failure ? 'failed' : 'updated');
    }
    await this.#judge(failure);
    return true;
  }

  /** False when no removal waits, or the job must ask first. */
  async #decideRemovals(): Promise<boolean> {
    const { job, storage, now } = this.#context;
    const { tenantId, id } = job;
    const waiting = await storage.read.provisionedObjects.countAwaitingRemoval(tenantId, id);
    if (waiting === 0) return false;
    const removals = countRemovals(this.#mayRemove ? null : this.#progress.removals, waiting, now());
    const threshold = job.definition.deletionThreshold;
    if (threshold !== null && removals.count > threshold && !this.#mayRemove) {
      const detail = `${waiting} objects are to be disabled or deleted, with others ${removals.count} within an hour; allowed are ${threshold}.`;
      await this.#quarantine(quarantined('too_many_removals', detail, now()));
      return false;
    }
    this.#mayRemove = true;
    await this.#save(
      { removals: { ...removals, count: Math.min(removals.count, threshold ?? removals.count) } },
      (stores) => stores.provisionedObjects.markAwaitingDue(tenantId, id, now()),
    );
    return true;
  }

  async end(): Promise<void> {
    const { cycle, quarantine, phase, lastCycle, lastSuccessfulCycle, firstSteadyAt } = this.#progress;
    if (this.#context.signal.aborted || quarantine) return;
    const at = this.#context.now().toISOString();
    if (!cycle) {
      if (phase === 'incremental') return;
      return this.#save({ phase: 'incremental', firstSteadyAt: firstSteadyAt ?? at, lastSteadyAt: at });
    }
    const finished = { ...cycle, endedAt: at, isSuccess: cycle.counts.failed === 0 };
    await this.#save(
      {
        phase: 'incremental',
        cycle: null,
        lastCycle: finished,
        lastSuccessfulCycle: finished.isSuccess ? finished : lastSuccessfulCycle,
        firstSteadyAt: firstSteadyAt ?? at,
        lastSteadyAt: at,
      },
      async (stores) => {
        if (cycle.kind === 'initial' || lastCycle?.isSuccess !== finished.isSuccess) {
          await this.#audit(stores, 'finish_cycle', { ...finished.counts });
        }
      },
    );
  }

  async #beginCycle(): Promise<void> {
    if (this.#progress.cycle) return;
    const { newId, now } = this.#context;
    const kind = this.#progress.phase === 'initial' ? 'initial' : 'incremental';
    await this.#save({ cycle: { id: newId(), kind, startedAt: now().toISOString(), counts: noCounts } });
  }

  #count(name: CountName): void {
    this.#observer.counted(name);
    const { cycle } = this.#progress;
    if (cycle) this.#set({ cycle: { ...cycle, counts: countOne(cycle.counts, name) } });
  }

  async #judge(failure: TargetFailure | null): Promise<void> {
    this.#failures = failuresAfter(this.#failures, failure);
    const quarantine = decideQuarantine(this.#failures, failure, this.#context.now());
    if (quarantine && !this.#progress.quarantine) await this.#quarantine(quarantine);
  }

  async #quarantine(quarantine: Quarantine): Promise<void> {
    await this.#save({ quarantine }, (stores) => this.#audit(stores, 'quarantine', quarantine));
  }

  async #audit(stores: EngineStores, verb: string, detail: object): Promise<void> {
    const { job, now, newId } = this.#context;
    const actor = { kind: 'system', id: null, name: 'Countersign' } as const;
    const act = { tenantId: job.tenantId, actor, now: now(), correlationId: job.id, newId };
    const about = { kind: 'provisioningJob', id: job.id, name: job.definition.target.baseUrl };
    await stores.audit.append([auditEvent(act, `provisioningJob.${verb}`, about, [{ property: verb, after: detail }])]);
  }

  #set(change: Partial<JobProgress>): void {
    this.#context.job.progress = { ...this.#progress, ...change };
  }

  /** Changes the progress, in one transaction with what else is written. */
  async #save(
    change: Partial<JobProgress>,
    also: (stores: EngineStores) => Promise<void> = async () => {},
  ): Promise<void> {
    const { storage, job } = this.#context;
    this.#set(change);
    await storage.write(async (stores) => {
      await stores.provisioningJobs.saveProgress(job.tenantId, job.id, this.#progress);
      await also(stores);
    });
  }
}

function isBefore(one: ChangePosition, other: ChangePosition): boolean {
  return one.transaction === other.transaction ? one.sequence < other.sequence : one.transaction < other.transaction;
}
