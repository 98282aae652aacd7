import type { LeaseStore } from './store.ts';
import { type Wait, waitForTime } from './wait.ts';

/** Work that is done again and again by one process at a time. */
export interface LeasedJob {
  name: string;
  /** Pause between two runs, whichever process does them. */
  everySeconds: number;
  /** Pause before the first try, for work that can wait until a process that starts has served who waited for it. */
  firstAfterSeconds?: number;
  /**
   * Must stop soon when the signal is given, since another process may then do the work; and must be safe to run twice,
   * since a process that is cut off from the database learns of it late.
   */
  run(signal: AbortSignal): Promise<void>;
}

export interface StartedJob {
  /** Gives the signal to stop, waits for the work to end and gives the lease back. */
  stop(): Promise<void>;
}

/**
 * A process that dies while it works is replaced after this time. A shorter one would take the work from processes that are
 * only slow for a moment.
 */
const leaseSeconds = 12;

/** Starts trying to get the job's lease and running the job whenever this process has it. */
export function startLeasedJob(
  job: LeasedJob,
  leases: LeaseStore,
  owner: string,
  onError: (job: string, error: unknown) => void,
  wait: Wait = waitForTime,
): StartedJob {
  const stopping = new AbortController();
  const loop = repeat();
  return {
    async stop() {
      stopping.abort();
      await loop;
    },
  };

  async function repeat(): Promise<void> {
    if (job.firstAfterSeconds) await wait(job.firstAfterSeconds * 1000, stopping.signal);
    while (!stopping.signal.aborted) {
      await runOnce().catch((error) => onError(job.name, error));
      await wait(job.everySeconds * 1000, stopping.signal);
    }
    await leases.release(job.name, owner).catch((error) => onError(job.name, error));
  }

  async function runOnce(): Promise<void> {
    if (!(await leases.take(job.name, owner, leaseSeconds))) return;
    const ended = new AbortController();
    const lost = new AbortController();
    const renewing = renew(ended.signal, lost);
    try {
      await job.run(AbortSignal.any([stopping.signal, lost.signal]));
    } finally {
      ended.abort();
      await renewing;
      // Held until the next run is due, so that no other process runs the job meanwhile.
      if (!lost.signal.aborted) await leases.take(job.name, owner, job.everySeconds);
    }
  }

  async function renew(ended: AbortSignal, lost: AbortController): Promise<void> {
    for (;;) {
      await wait((leaseSeconds * 1000) / 3, ended);
      if (ended.aborted) return;
      const isHeld = await leases.take(job.name, owner, leaseSeconds).catch(() => false);
      if (!isHeld) return lost.abort();
    }
  }
}
