// A tenant with an application, a job, and the fake target that the job keeps in step.
import { assignAppRole, createServicePrincipal, registerApplication } from '../../src/applications/index.ts';
import { newId } from '../../src/new-id.ts';
import { outboundFetch } from '../../src/outbound/index.ts';
import { createJob, defaultDefinition, type Job, setToken, startJob } from '../../src/provisioning/index.ts';
import type { JobDefinition } from '../../src/provisioning/job.ts';
import { type JobObserver, runJob } from '../../src/provisioning/run-job.ts';
import type { Target } from '../../src/provisioning/target.ts';
import type { Storage } from '../../src/storage/index.ts';
import { targetsThrough } from '../../src/targets/index.ts';
import { openTenant, type TestTenant } from '../directory/open-tenant.ts';
import { type FakeTarget, openFakeTarget } from './fake-target.ts';

const nilGuid = '00000000-0000-0000-0000-000000000000';

export interface TestJob extends TestTenant {
  fake: FakeTarget;
  job: Job;
  servicePrincipalId: string;
  /** The clock of the engine; tests move it. */
  clock: { now: Date };
  target: Target;
  /** One look at the job, as the worker does it. */
  look(signal?: AbortSignal): Promise<void>;
  reload(): Promise<Job>;
  assign(principalId: string): Promise<string>;
}

export async function openTestJob(
  storage: Storage,
  definition: Partial<JobDefinition> = {},
  observer: JobObserver = { counted() {} },
): Promise<TestJob> {
  const tenant = await openTenant(storage);
  const fake = await openFakeTarget();
  const clock = { now: new Date() };
  const opened = { ...tenant, fake, clock };
  return { ...opened, ...(await openJob(storage, opened, definition, observer)) };
}

/** Another job of the tenant with the same target, for an application of its own. */
export async function openJob(
  storage: Storage,
  tenant: TestTenant & Pick<TestJob, 'fake' | 'clock'>,
  definition: Partial<JobDefinition> = {},
  observer: JobObserver = { counted() {} },
): Promise<Omit<TestJob, keyof TestTenant | 'fake' | 'clock'>> {
  const { fake, clock } = tenant;
  const address = { kind: 'scim', baseUrl: fake.baseUrl, dialect: 'standard', timeoutSeconds: 60 } as const;
  const full = { ...defaultDefinition, target: address, ...definition };
  const target = targetsThrough(outboundFetch(['127.0.0.1']), () => clock.now)(full, 'secret');
  const { job, servicePrincipalId } = await tenant.write(async (stores, act) => {
    const { appId } = (await registerApplication(stores, act, { displayName: 'Target' })).attributes;
    const { id } = await createServicePrincipal(stores, act, appId);
    const made = await createJob(stores, act, id, full, target);
    await setToken(stores, act, made, 'secret');
    return { job: await startJob(stores, act, made), servicePrincipalId: id };
  });
  const reload = async () => {
    const found = await storage.read.provisioningJobs.find(tenant.id, job.id);
    if (!found) throw new Error('The job is gone.');
    return found;
  };
  return {
    job,
    servicePrincipalId,
    target,
    reload,
    async look(signal = new AbortController().signal) {
      const context = { storage, job: await reload(), target, signal, now: () => clock.now, newId };
      await runJob(context, observer);
    },
    assign: async (principalId) => {
      const input = { principalId, resourceId: servicePrincipalId, appRoleId: nilGuid };
      return (await tenant.write((stores, act) => assignAppRole(stores, act, input))).id;
    },
  };
}
