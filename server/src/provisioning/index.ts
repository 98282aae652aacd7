/**
 * Provisioning: jobs that keep other systems in step with a tenant's directory. Relies on directory and applications;
 * knows neither how it is stored nor how targets are spoken to (`targets/`).
 *
 * The way of one object, each time that it is due:
 *
 *     change feed or scan -> due -> import -> scope -> match -> map -> compare -> act -> saved and logged
 *
 * Everything that waits is a row that is due, so a process can die anywhere and another goes on. Acts are not repeated
 * blindly: an object whose creation was not acknowledged is found again by its matching attributes.
 */
export type { EngineStorage, EngineStores, JobContext } from './context.ts';
export { provisioningErrors } from './errors.ts';
export { ExpressionError, type ExpressionValue } from './expression/expression.ts';
export { countNames, type Job, type JobDefinition, newProgress } from './job.ts';
export {
  approveRemovals,
  createJob,
  defaultDefinition,
  getJob,
  pauseJob,
  removeJob,
  restartJob,
  setToken,
  startJob,
  updateJob,
} from './jobs.ts';
export type { LogEntry, LogQuery } from './log-entry.ts';
export type {
  AttributeMapping,
  ObjectMapping,
} from './mapping.ts';
export { explainObject, planJob, provisionOnDemand } from './on-demand.ts';
export { type Pace, pacedTarget } from './paced-target.ts';
export { pruneProvisioningLog, usualProvisioningRetentionDays } from './prune-log.ts';
export type { JobObserver } from './run-job.ts';
export type * from './store.ts';
export type {
  Answer,
  MappedValue,
  MemberChange,
  PropertyChange,
  Reversal,
  Target,
  TargetFailure,
  TargetObject,
} from './target.ts';
export { beginUndo, checkCycle, planUndo, undoCycle } from './undo-cycle.ts';
export { type OpenTarget, runProvisioning } from './worker.ts';
