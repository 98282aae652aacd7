/** Runs every job of the hub that should run: looks for changes often, and at each job now and then. */
import type { EngineStorage, JobContext } from './context.ts';
import type { Job, JobDefinition } from './job.ts';
import type { Pace } from './paced-target.ts';
import { type JobObserver, runJob } from './run-job.ts';
import type { Target } from './target.ts';

/** Pause between two looks for changes: what a change waits at most before it is seen. */
const lookEvery = 250;
/** A job is looked at so often even when nothing changes, for what is due again by then. */
const jobEvery = 2_000;

/** Opens the target of a job; what is wrong with the address is told by its answers. */
export type OpenTarget = (definition: JobDefinition, token: string | undefined) => Target;

export interface WorkerParts {
  storage: EngineStorage;
  openTarget: OpenTarget;
  now: () => Date;
  newId: () => string;
  wait: Pace['wait'];
  observer: JobObserver;
  onError: (error: unknown, job: Job) => void;
}

interface Running {
  /** What administrators had set when it began; it is stopped at once when they set something else. */
  settings: string;
  stopping: AbortController;
  done: Promise<void>;
}

/** Works until the signal is given, and then stops at once. */
export async function runProvisioning(parts: WorkerParts, signal: AbortSignal): Promise<void> {
  const { storage, now, wait } = parts;
  const running = new Map<string, Running>();
  const lookedAt = new Map<string, { at: number; end: string; settings: string }>();
  const openTargets = new Map<string, { opened: string; target: Target }>();

  while (!signal.aborted) {
    const end = JSON.stringify(await storage.read.changes.end());
    const jobs = await storage.read.provisioningJobs.listRunning();
    const byId = new Map(jobs.map((job) => [job.id, job]));
    for (const [id, { settings, stopping }] of running) {
      const job = byId.get(id);
      if (!job || settingsOf(job) !== settings) stopping.abort(new Error('The job was changed, paused or removed.'));
    }
    for (const job of jobs) {
      const last = lookedAt.get(job.id);
      const settings = settingsOf(job);
      const at = now().getTime();
      if (running.has(job.id) || !isDue(job, last, end, settings, at)) continue;
      lookedAt.set(job.id, { at, end, settings });
      const stopping = new AbortController();
      const done = look(job, AbortSignal.any([signal, stopping.signal])).finally(() => running.delete(job.id));
      running.set(job.id, { settings, stopping, done });
    }
    await wait(lookEvery, signal);
  }
  await Promise.all([...running.values()].map(({ done }) => done));

  async function look(job: Job, stopped: AbortSignal): Promise<void> {
    try {
      const target = await targetOf(job);
      const context: JobContext = { storage, job, target, signal: stopped, now, newId: parts.newId };
      await runJob(context, parts.observer);
    } catch (error) {
      if (!stopped.aborted) parts.onError(error, job);
    }
  }

  async function targetOf(job: Job): Promise<Target> {
    const token = await storage.read.provisioningJobs.findToken(job.tenantId, job.id);
    const opened = JSON.stringify([job.definition, token]);
    const known = openTargets.get(job.id);
    if (known?.opened === opened) return known.target;
    const target = parts.openTarget(job.definition, token);
    openTargets.set(job.id, { opened, target });
    return target;
  }
}

/** What makes a look under way out of date. */
function settingsOf({ definition, control }: Job): string {
  return JSON.stringify([definition, control]);
}

function isDue(
  job: Job,
  last: { at: number; end: string; settings: string } | undefined,
  end: string,
  settings: string,
  now: number,
): boolean {
  if (last === undefined || last.settings !== settings) return true;
  const pause = job.definition.intervalMinutes * 60_000;
  // A job on a timer is left alone between its cycles, but finishes those that it has begun.
  if (pause > 0 && job.progress.cycle === null) return now - last.at >= pause;
  return last.end !== end || now - last.at >= jobEvery;
}
