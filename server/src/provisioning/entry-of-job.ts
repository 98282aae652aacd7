import type { JobContext } from './context.ts';
import type { LogEntry } from './log-entry.ts';

/** What the work itself tells of an object. */
type Told = Omit<LogEntry, 'id' | 'at' | 'jobId' | 'cycleId' | 'servicePrincipalId' | 'durationMilliseconds'>;

/** A new log entry of the job and its cycle. */
export function entryOfJob(
  { job, now, newId }: Pick<JobContext, 'job' | 'now' | 'newId'>,
  startedAt: Date,
  told: Told,
): LogEntry {
  const { id: jobId, servicePrincipalId, progress } = job;
  const at = now();
  return {
    id: newId(),
    at,
    jobId,
    cycleId: progress.cycle?.id ?? '',
    servicePrincipalId,
    durationMilliseconds: at.getTime() - startedAt.getTime(),
    ...told,
  };
}
