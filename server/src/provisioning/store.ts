import type { Job, JobControl, JobDefinition, JobProgress } from './job.ts';
import type { LogEntry, LogPosition, LogQuery } from './log-entry.ts';
import type { SourceKind } from './mapping.ts';

/** Where jobs are kept. The target's token is sealed and only read to call the target. */
export interface ProvisioningJobStore {
  insert(job: Job): Promise<void>;
  saveDefinition(tenantId: string, id: string, definition: JobDefinition): Promise<void>;
  saveControl(tenantId: string, id: string, control: JobControl): Promise<void>;
  saveProgress(tenantId: string, id: string, progress: JobProgress): Promise<void>;
  saveToken(tenantId: string, id: string, token: string | null): Promise<void>;
  findToken(tenantId: string, id: string): Promise<string | undefined>;
  /** Removes the job with everything that it knows of its objects. Its log stays. */
  remove(tenantId: string, id: string): Promise<void>;
  find(tenantId: string, id: string): Promise<Job | undefined>;
  list(tenantId: string, servicePrincipalId?: string): Promise<Job[]>;
  /** Jobs of all tenants that should run, for the process that runs them. */
  listRunning(): Promise<Job[]>;
}

/** What a job knows of one object of the directory. */
export interface ProvisionedObject {
  sourceId: string;
  kind: SourceKind;
  /** Null until the object is known to be in the target. */
  targetId: string | null;
  state: 'absent' | 'active' | 'removed';
  /** Of the values that the target was given last; null when that is not known. */
  digest: string | null;
  /** Whether every member of the group was looked at. */
  hasMembersRead: boolean;
  /** When it is to be worked on; null when there is nothing to do. */
  dueAt: Date | null;
  /** Grows whenever it becomes due, so that a change during the work is not lost. */
  mark: number;
  reading: Reading;
  /** The object should be removed when the cycle's removals are known to be few enough. */
  awaitsRemoval: boolean;
  /** Failures in a row, and the last one. */
  attempts: number;
  problem: ObjectProblem | null;
}

/** `changed`: the target is asked only when values differ from those sent last. `repair`, `report`: it is read back. */
export type Reading = 'changed' | 'repair' | 'report';

export interface ObjectProblem {
  code: string;
  detail: string;
  since: string;
}

/** Everything of a ProvisionedObject that working on it changes; `mark` is that of the object as it was worked on. */
export type WorkedObject = Omit<ProvisionedObject, 'kind' | 'reading'>;

export interface ObjectCounts {
  active: number;
  removed: number;
  /** Objects that failed and are tried again later. */
  failing: number;
  due: number;
  awaitingRemoval: number;
}

export interface ProvisionedObjectStore {
  find(tenantId: string, jobId: string, sourceIds: readonly string[]): Promise<ProvisionedObject[]>;
  findByTarget(tenantId: string, jobId: string, targetId: string): Promise<ProvisionedObject | undefined>;
  /** By source id, after the one given. */
  list(tenantId: string, jobId: string, limit: number, afterSourceId?: string): Promise<ProvisionedObject[]>;
  /** Makes objects due, known ones and new ones. A deeper reading that waits already stays. */
  markDue(
    tenantId: string,
    jobId: string,
    objects: readonly { sourceId: string; kind: SourceKind }[],
    at: Date,
    reading?: Reading,
  ): Promise<void>;
  /** Makes everybody due whom the job knows and who has one of these as manager. */
  markReportsDue(tenantId: string, jobId: string, managerIds: readonly string[], at: Date): Promise<void>;
  /** Makes everything that is known due. */
  markAllDue(tenantId: string, jobId: string, at: Date, reading: Reading): Promise<void>;
  /** Makes the objects due whose removal waits. */
  markAwaitingDue(tenantId: string, jobId: string, at: Date): Promise<void>;
  /** Users before groups, those that wait longest first. */
  listDue(tenantId: string, jobId: string, now: Date, limit: number): Promise<ProvisionedObject[]>;
  /** Saves what working on objects came to; those that became due since stay due. */
  save(tenantId: string, jobId: string, worked: readonly WorkedObject[]): Promise<void>;
  /** Forgets the object with what is known of its memberships. */
  remove(tenantId: string, jobId: string, sourceId: string): Promise<void>;
  /** How many removals wait. Costs what waits, not what is known. */
  countAwaitingRemoval(tenantId: string, jobId: string): Promise<number>;
  count(tenantId: string, jobId: string): Promise<ObjectCounts>;
}

/** Whether the target was told that a member belongs to a group. */
export interface ProvisionedMember {
  groupId: string;
  memberId: string;
  isSent: boolean;
  /** A change of it was sent and not acknowledged: the target is asked before the next one. */
  isUncertain: boolean;
  mark: number;
}

export interface ProvisionedMemberStore {
  markDue(tenantId: string, jobId: string, groupId: string, memberIds: readonly string[], at: Date): Promise<void>;
  /** Makes the memberships of these due in every group that the target has. */
  markMembershipsDue(tenantId: string, jobId: string, memberIds: readonly string[], at: Date): Promise<void>;
  /** Makes the memberships due that the target was told of. */
  markSentDue(tenantId: string, jobId: string, of: { groupId: string } | { memberId: string }, at: Date): Promise<void>;
  /** Makes memberships due of which the target was found to know, or not to know. */
  markFound(
    tenantId: string,
    jobId: string,
    groupId: string,
    memberIds: readonly string[],
    isSent: boolean,
    at: Date,
  ): Promise<void>;
  /** A change of these memberships is about to be sent. */
  markUncertain(tenantId: string, jobId: string, members: readonly ProvisionedMember[]): Promise<void>;
  /** The target knows nothing of the memberships of this group or member any more; they become due. */
  forgetSent(tenantId: string, jobId: string, id: string, at: Date): Promise<void>;
  /** Due memberships of one group at a time, the group that waits longest first. */
  listDue(tenantId: string, jobId: string, now: Date, limit: number): Promise<ProvisionedMember[]>;
  /** Of a group, by member, after the one given. */
  listSent(tenantId: string, jobId: string, groupId: string, limit: number, afterId?: string): Promise<string[]>;
  /** Saves what the target was told; those that became due since stay due. Without `dueAt` they are settled. */
  save(tenantId: string, jobId: string, members: readonly ProvisionedMember[], dueAt: Date | null): Promise<void>;
}

/** What happened to each object. Append-only, kept for the days that the tenant says. */
export interface ProvisioningLogStore {
  append(tenantId: string, entries: readonly LogEntry[]): Promise<void>;
  find(tenantId: string, id: string): Promise<LogEntry | undefined>;
  /** Newest first, after the position when one is given. */
  list(tenantId: string, query: LogQuery, limit: number, after?: LogPosition): Promise<LogEntry[]>;
  /** Oldest first, after the position. */
  listSince(tenantId: string, query: LogQuery, limit: number, after: LogPosition): Promise<LogEntry[]>;
  prune(tenantId: string, before: Date): Promise<void>;
}

/** Everything that provisioning keeps. */
export interface ProvisioningStores {
  provisioningJobs: ProvisioningJobStore;
  provisionedObjects: ProvisionedObjectStore;
  provisionedMembers: ProvisionedMemberStore;
  provisioningLog: ProvisioningLogStore;
}
