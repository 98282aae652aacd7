import type { ChangePosition } from '../directory/index.ts';
import type { ObjectMapping, SourceKind } from './mapping.ts';

/** Keeps one target in step with the directory of one tenant. */
export interface Job {
  id: string;
  tenantId: string;
  /** The application that stands for the target: what is assigned to it is in scope. */
  servicePrincipalId: string;
  createdAt: Date;
  definition: JobDefinition;
  control: JobControl;
  progress: JobProgress;
}

/** What administrators set. */
export interface JobDefinition {
  target: TargetDefinition;
  /** `assigned`: users and groups with an assignment to the application, and the members of such groups. */
  scope: 'assigned' | 'all';
  mappings: ObjectMapping[];
  /** A cycle that would disable or delete more objects stops and asks. Null: never. */
  deletionThreshold: number | null;
  /** 0: changes are followed as they happen. Else the pause between cycles. */
  intervalMinutes: number;
  /** Members of member groups count as members, for targets without nested groups. */
  flattensGroups: boolean;
  /** Most requests at once. */
  mostAtOnce: number;
  /** How often the target is read back, and whether what differs is put right or only reported. Null: never. */
  reconciliation: { everyHours: number; repairs: boolean } | null;
}

export interface TargetDefinition {
  kind: 'scim';
  /** Without a slash at its end. */
  baseUrl: string;
  /** Name of a set of habits: `standard`, `aws-identity-center`. */
  dialect: string;
  timeoutSeconds: number;
}

/** What administrators want the job to do. */
export interface JobControl {
  wanted: 'running' | 'paused';
  /** Grows with each restart, which begins anew and compares everything. */
  restarts: number;
  /** The cycle whose removals were approved although they are many. */
  approvedCycle: string | null;
}

/** How far the job is. Only the process that runs it writes this. */
export interface JobProgress {
  /** Restarts that were obeyed; less than `control.restarts` until the next look. */
  restarts: number;
  phase: 'new' | 'initial' | 'incremental';
  /** Up to where the change feed was read. */
  feed: { id: string; position: ChangePosition } | null;
  /** Where the initial reading of the directory is; null when it is done. */
  scan: { part: ScanPart; after: string | null } | null;
  cycle: Cycle | null;
  lastCycle: FinishedCycle | null;
  lastSuccessfulCycle: FinishedCycle | null;
  firstSteadyAt: string | null;
  lastSteadyAt: string | null;
  quarantine: Quarantine | null;
  reconciledAt: string | null;
  /** Objects that were disabled or deleted of late, against accidents. */
  removals: { since: string; count: number } | null;
}

export type ScanPart = SourceKind | 'assignments';

/** Times in documents are ISO 8601 text. */
export interface Cycle {
  id: string;
  kind: 'initial' | 'incremental';
  startedAt: string;
  counts: CycleCounts;
}

export interface FinishedCycle extends Cycle {
  endedAt: string;
  isSuccess: boolean;
}

export const countNames = ['created', 'updated', 'disabled', 'deleted', 'unchanged', 'skipped', 'failed'] as const;
export type CountName = (typeof countNames)[number];
export type CycleCounts = Readonly<Record<CountName, number>>;

export const noCounts: CycleCounts = {
  created: 0,
  updated: 0,
  disabled: 0,
  deleted: 0,
  unchanged: 0,
  skipped: 0,
  failed: 0,
};

/** The job does nothing but look whether the reason is gone. */
export interface Quarantine {
  reason: 'unauthorized' | 'address_forbidden' | 'unreachable' | 'too_many_removals';
  detail: string;
  since: string;
  /** Looks in vain so far. */
  probes: number;
  nextProbeAt: string;
}

export const newProgress: JobProgress = {
  restarts: 0,
  phase: 'new',
  feed: null,
  scan: null,
  cycle: null,
  lastCycle: null,
  lastSuccessfulCycle: null,
  firstSteadyAt: null,
  lastSteadyAt: null,
  quarantine: null,
  reconciledAt: null,
  removals: null,
};

/** The counts with one more. */
export function countOne(counts: CycleCounts, name: CountName): CycleCounts {
  return { ...counts, [name]: counts[name] + 1 };
}
