import type { ApplicationStores } from '../applications/index.ts';
import type { AuditStore } from '../audit/index.ts';
import type { DirectoryStores } from '../directory/index.ts';
import type { Job } from './job.ts';
import type { ReadAhead } from './read-ahead.ts';
import type { ProvisioningStores } from './store.ts';
import type { Target } from './target.ts';

/** The stores that provisioning reads and writes. */
export type EngineStores = ProvisioningStores & DirectoryStores & ApplicationStores & { audit: AuditStore };

/** As much of the database as provisioning needs. */
export interface EngineStorage {
  readonly read: EngineStores;
  write<Result>(work: (stores: EngineStores) => Promise<Result>): Promise<Result>;
}

/** Everything that work for one job needs. */
export interface JobContext {
  storage: EngineStorage;
  job: Job;
  target: Target;
  /** Aborted when the work must stop at once; whatever is under way then is done again later. */
  signal: AbortSignal;
  now: () => Date;
  newId: () => string;
  /** Of the directory, for many objects together. */
  ahead?: ReadAhead;
  /** Types of which the target had no object before the job sent any: what was not sent before need not be matched. */
  emptyTypes?: ReadonlySet<string>;
}
