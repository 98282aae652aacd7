import type { SourceKind } from './mapping.ts';
import type { PropertyChange } from './target.ts';

export const stepNames = ['read', 'scope', 'match', 'map', 'compare', 'act'] as const;

/** One step of the work on an object, in the order in which they happen. */
export interface Step {
  name: (typeof stepNames)[number];
  status: 'success' | 'skipped' | 'failure';
  detail: string;
}

export const logActions = ['create', 'update', 'disable', 'delete', 'other'] as const;
/** What was done, or would have been. `other`: nothing, or nothing that fits. */
export type LogAction = (typeof logActions)[number];

/** What happened to one object in one cycle. */
export interface LogEntry {
  id: string;
  at: Date;
  jobId: string;
  cycleId: string;
  servicePrincipalId: string;
  action: LogAction;
  status: 'success' | 'skipped' | 'failure' | 'warning';
  source: { id: string; kind: SourceKind; name: string };
  /** Type and id in the target; the id is null when there is none yet. */
  target: { type: string; id: string | null };
  durationMilliseconds: number;
  steps: readonly Step[];
  changes: readonly PropertyChange[];
  /** Stable, from `provisioningProblems`; null when nothing is wrong. */
  problem: { code: string; detail: string; advice: string } | null;
}

/** Which entries a reader wants. Every part that is given must hold. */
export interface LogQuery {
  jobId?: string | undefined;
  servicePrincipalId?: string | undefined;
  cycleId?: string | undefined;
  sourceId?: string | undefined;
  targetId?: string | undefined;
  /** Whatever its capitals. */
  sourceName?: string | undefined;
  sourceNamePart?: string | undefined;
  /** What was wrong, from `provisioningProblems`. */
  problemCode?: string | undefined;
  /** Name of a property that was changed, whatever its capitals. */
  changed?: string | undefined;
  action?: LogAction | undefined;
  status?: LogEntry['status'] | undefined;
  from?: Date | undefined;
  until?: Date | undefined;
}

/** A place in the log: the entry that was seen last. */
export interface LogPosition {
  at: Date;
  id: string;
}
