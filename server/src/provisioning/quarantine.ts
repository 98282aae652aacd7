/** When a job stops by itself, and when it looks again. Pure. */
import type { JobProgress, Quarantine } from './job.ts';
import type { TargetFailure } from './target.ts';

/** Failures of the target in a row, without a success between them, after which it is left alone. */
const mostFailures = 10;

/** Failures that say something of the target and not of the object. */
const ofTarget: ReadonlySet<TargetFailure['kind']> = new Set(['busy', 'failed', 'malformed']);

/** Failures after which no other request can succeed. */
const final: Readonly<Partial<Record<TargetFailure['kind'], Quarantine['reason']>>> = {
  unauthorized: 'unauthorized',
  forbidden: 'address_forbidden',
};

/** How often in a row the target failed, after one more piece of work. */
export function failuresAfter(failures: number, failure: TargetFailure | null): number {
  if (failure === null) return 0;
  return ofTarget.has(failure.kind) ? failures + 1 : failures;
}

/** Whether the job goes into quarantine after this failure. */
export function decideQuarantine(failures: number, failure: TargetFailure | null, now: Date): Quarantine | null {
  const reason = failure && final[failure.kind];
  if (reason) return quarantined(reason, failure.detail, now);
  if (failures >= mostFailures) return quarantined('unreachable', failure?.detail ?? '', now);
  return null;
}

export function quarantined(reason: Quarantine['reason'], detail: string, now: Date): Quarantine {
  const since = now.toISOString();
  return { reason, detail, since, probes: 0, nextProbeAt: probeTime(0, now) };
}

/** After a look in vain: the next one comes later. */
export function afterProbe(quarantine: Quarantine, detail: string, now: Date): Quarantine {
  const probes = quarantine.probes + 1;
  return { ...quarantine, detail, probes, nextProbeAt: probeTime(probes, now) };
}

function probeTime(probes: number, now: Date): string {
  const minutes = Math.min(2 ** probes, 24 * 60);
  return new Date(now.getTime() + minutes * 60_000).toISOString();
}

/** Removals further apart are not counted together. */
const removalWindow = 3_600_000;

/** The removals of the last hour with these. */
export function countRemovals(
  removals: JobProgress['removals'],
  count: number,
  now: Date,
): NonNullable<JobProgress['removals']> {
  const isCurrent = removals !== null && now.getTime() - Date.parse(removals.since) < removalWindow;
  return isCurrent ? { ...removals, count: removals.count + count } : { since: now.toISOString(), count };
}
