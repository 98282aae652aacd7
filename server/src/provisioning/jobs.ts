/** What administrators do to jobs. Each function writes its audit event in the same transaction. */
import { getServicePrincipal } from '../applications/index.ts';
import { type Act, type AuditChange, auditEvent } from '../audit/index.ts';
import { checkAddress, checkDefinition } from './check-definition.ts';
import type { EngineStores } from './context.ts';
import { refuse } from './errors.ts';
import { type Job, type JobControl, type JobDefinition, newProgress } from './job.ts';
import { defaultMappings } from './mapping.ts';
import type { Target } from './target.ts';

type Stores = Pick<EngineStores, 'objects' | 'provisioningJobs' | 'audit'>;

/** What a job is unless somebody says otherwise; only the target must be given. */
export const defaultDefinition: Omit<JobDefinition, 'target'> = {
  scope: 'assigned',
  mappings: [...defaultMappings],
  deletionThreshold: 500,
  intervalMinutes: 0,
  flattensGroups: false,
  mostAtOnce: 32,
  reconciliation: null,
};

/**
 * Makes a job, which waits until it is started.
 * @throws Refusal `directory.object_not_found`, and as `checkDefinition`
 */
export async function createJob(
  stores: Stores,
  act: Act,
  servicePrincipalId: string,
  definition: JobDefinition,
  target: Pick<Target, 'has'>,
): Promise<Job> {
  const { id: principalId } = await getServicePrincipal(stores, act.tenantId, servicePrincipalId);
  checkDefinition(definition, target);
  const job: Job = {
    id: act.newId(),
    tenantId: act.tenantId,
    servicePrincipalId: principalId,
    createdAt: act.now,
    definition,
    control: { wanted: 'paused', restarts: 0, approvedCycle: null },
    progress: newProgress,
  };
  await stores.provisioningJobs.insert(job);
  await tell(stores, act, job, 'create', [{ property: 'definition', after: definition }]);
  return job;
}

/**
 * Changes the definition. A job that runs goes on with it, and compares everything anew where values may differ now.
 * @throws Refusal `provisioning.job_not_found`, and as `checkDefinition`
 */
export async function updateJob(
  stores: Stores,
  act: Act,
  job: Job,
  change: Partial<JobDefinition>,
  target: Pick<Target, 'has'>,
): Promise<Job> {
  const definition = { ...job.definition, ...change };
  checkDefinition(definition, target);
  await stores.provisioningJobs.saveDefinition(act.tenantId, job.id, definition);
  const names = (Object.keys(change) as (keyof JobDefinition)[]).filter(
    (name) => JSON.stringify(job.definition[name]) !== JSON.stringify(definition[name]),
  );
  const changes = names.map((name) => ({ property: name, before: job.definition[name], after: definition[name] }));
  await tell(stores, act, job, 'update', changes);
  const isOther = names.some((name) => comparedAnew.has(name));
  return isOther ? restartJob(stores, act, { ...job, definition }) : { ...job, definition };
}

/** Parts of a definition from which scope and values follow. */
const comparedAnew: ReadonlySet<keyof JobDefinition> = new Set(['target', 'scope', 'mappings', 'flattensGroups']);

/** Keeps the token, sealed; null forgets it. */
export async function setToken(stores: Stores, act: Act, job: Job, token: string | null): Promise<void> {
  await stores.provisioningJobs.saveToken(act.tenantId, job.id, token);
  await tell(stores, act, job, 'set_token', [{ property: 'token' }]);
}

/**
 * Lets the job run: from the beginning the first time, else from where it was.
 * @throws Refusal `provisioning.target_address_invalid`
 */
export async function startJob(stores: Stores, act: Act, job: Job): Promise<Job> {
  checkAddress(job.definition.target);
  return control(stores, act, job, 'start', { wanted: 'running' });
}

/** Stops the job at once. What it knows stays. */
export function pauseJob(stores: Stores, act: Act, job: Job): Promise<Job> {
  return control(stores, act, job, 'pause', { wanted: 'paused' });
}

/** Lets the job begin anew: out of quarantine, every object compared with the target. */
export function restartJob(stores: Stores, act: Act, job: Job): Promise<Job> {
  return control(stores, act, job, 'restart', { restarts: job.control.restarts + 1 });
}

/**
 * Approves the removals that the job stopped at because they are many.
 * @throws Refusal `provisioning.nothing_to_approve`
 */
export function approveRemovals(stores: Stores, act: Act, job: Job): Promise<Job> {
  const { quarantine, cycle } = job.progress;
  if (quarantine?.reason !== 'too_many_removals' || !cycle) {
    throw refuse('provisioning.nothing_to_approve', { id: job.id });
  }
  return control(stores, act, job, 'approve_removals', { approvedCycle: cycle.id });
}

/** Removes the job and what it knows. The target keeps what it has. */
export async function removeJob(stores: Stores, act: Act, job: Job): Promise<void> {
  await stores.provisioningJobs.remove(act.tenantId, job.id);
  await tell(stores, act, job, 'delete', [{ property: 'definition', before: job.definition }]);
}

/** @throws Refusal `provisioning.job_not_found` */
export async function getJob(
  stores: Pick<EngineStores, 'provisioningJobs'>,
  tenantId: string,
  servicePrincipalId: string,
  id: string,
): Promise<Job> {
  const job = await stores.provisioningJobs.find(tenantId, id);
  if (job?.servicePrincipalId !== servicePrincipalId) throw refuse('provisioning.job_not_found', { id });
  return job;
}

async function control(stores: Stores, act: Act, job: Job, verb: string, change: Partial<JobControl>): Promise<Job> {
  const next = { ...job.control, ...change };
  await stores.provisioningJobs.saveControl(act.tenantId, job.id, next);
  await tell(stores, act, job, verb, []);
  return { ...job, control: next };
}

async function tell(stores: Stores, act: Act, job: Job, verb: string, changes: AuditChange[]): Promise<void> {
  const about = { kind: 'provisioningJob', id: job.id, name: job.definition.target.baseUrl };
  await stores.audit.append([auditEvent(act, `provisioningJob.${verb}`, about, changes)]);
}
