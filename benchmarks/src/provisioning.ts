import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@countersign/management-api';
import { createClientOf, scimTargetOf } from './callers.ts';
import { copyUsers } from './copy-users.ts';
import { freePort, type Hub } from './hub.ts';
import type { ProvisioningRow } from './report.ts';
import { createUsersInBulk, scimBase } from './scim-bulk.ts';

/** How long the target takes for every answer, in milliseconds. */
const latency = 20;
/** Requests at once that the target may get. */
const mostAtOnce = 128;
/** Changes that are followed to the target, one after the other. */
const changes = 40;
/** Seconds for which nothing changes. */
const quiet = 5;

/**
 * The engine against a target in a process of its own, with a tenth of so many users in scope and then with all: an initial
 * cycle, single changes from the management API to the target, and a while without changes.
 */
export async function measureProvisioning(hub: Hub, users: number): Promise<ProvisioningRow[]> {
  const target = await startTarget();
  try {
    const client = createClientOf(hub);
    const scim = await scimTargetOf(hub);
    const few = Math.ceil(users / 10);
    await createUsersInBulk(scim, scimBase, 0, few);
    const rows = await measureJob(hub, client, target.baseUrl, few);
    await copyUsers(hub, 9);
    rows.push(...(await measureJob(hub, client, target.baseUrl, few * 10)));
    return rows;
  } finally {
    target.child.kill();
  }
}

async function measureJob(hub: Hub, client: Client, baseUrl: string, users: number): Promise<ProvisioningRow[]> {
  const { appId } = await client.createApplication({ body: { displayName: `Target of ${users}` } });
  const { id } = await client.createServicePrincipal({ body: { appId: String(appId) } });
  const settings = { baseUrl: `${baseUrl}/v2`, scope: 'all', mostAtOnce, deletionThreshold: null } as const;
  const { id: jobId } = await client.createSynchronizationJob({ id, body: { templateId: 'scim', settings } });
  const job = { id, jobId };
  const rows: ProvisioningRow[] = [];
  const measured = async (what: string, work: () => Promise<Measured>) => {
    const before = { used: hub.usedMilliseconds(), asked: (await countsOf(baseUrl)).requests, at: performance.now() };
    const { count, durations = [], largestBytes = hub.residentBytes() } = await work();
    const seconds = (performance.now() - before.at) / 1000;
    const cpu = (hub.usedMilliseconds() - before.used) / count;
    const requests = ((await countsOf(baseUrl)).requests - before.asked) / count;
    const sorted = durations.toSorted((a, b) => a - b);
    const quantile = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
    const spread = { median: quantile(0.5), p95: quantile(0.95), largest: sorted.at(-1) };
    const megabytes = largestBytes / 2 ** 20;
    rows.push({ what, engine: hub.engine, users, perSecond: count / seconds, ...spread, cpu, requests, megabytes });
    console.error(
      `${hub.engine}: ${what}, ${users} users: ${(count / seconds).toFixed(1)}/s, p95 ${spread.p95 ?? '-'} ms`,
    );
  };

  await measured('initial cycle, each user', async () => {
    await client.startSynchronizationJob(job);
    return { count: users, largestBytes: await cycleEnd(hub, client, job) };
  });
  await measured('a change, from the API to the target', async () => {
    const durations = await followChanges(client, baseUrl, `of ${users}`);
    return { count: durations.length, durations };
  });
  await settle(baseUrl);
  await measured('a second without changes', async () => {
    await sleep(quiet * 1000);
    return { count: quiet };
  });
  await client.deleteSynchronizationJob(job);
  return rows;
}

interface Measured {
  count: number;
  /** Milliseconds, of each. */
  durations?: number[];
  largestBytes?: number;
}

/** Waits until the job follows changes. Resolves to the most memory that the hub had until then. */
async function cycleEnd(hub: Hub, client: Client, job: { id: string; jobId: string }): Promise<number> {
  for (let largest = 0; ; ) {
    // Seldom, since telling the status counts all objects.
    await sleep(1000);
    largest = Math.max(largest, hub.residentBytes());
    const { code, quarantine } = (await client.getSynchronizationJob(job)).status as JobStatus;
    if (quarantine) throw new Error(`The job is in quarantine: ${JSON.stringify(quarantine)}`);
    if (code === 'Active') return largest;
  }
}

/** Changes titles one after the other, each when the former is in the target. Resolves to the milliseconds that each took. */
async function followChanges(client: Client, baseUrl: string, mark: string): Promise<number[]> {
  const people = (await client.listUsers({ $top: changes })).value;
  const durations: number[] = [];
  for (const [index, person] of people.entries()) {
    const jobTitle = `Title ${index} ${mark}`;
    const changedAt = Date.now();
    await client.updateUser({ id: person.id, body: { jobTitle } });
    let arrivedAt: number | undefined;
    while (arrivedAt === undefined) {
      await sleep(10);
      arrivedAt = (await countsOf(baseUrl)).titles[jobTitle];
    }
    durations.push(arrivedAt - changedAt);
  }
  return durations;
}

/** Waits until the target has not been asked for anything for a second. */
async function settle(baseUrl: string): Promise<void> {
  for (let former = -1, asked = 0; former !== asked; ) {
    former = asked;
    await sleep(1000);
    asked = (await countsOf(baseUrl)).requests;
  }
}

interface JobStatus {
  code: string;
  quarantine?: object | null;
}

interface Counts {
  requests: number;
  titles: Record<string, number>;
}

async function countsOf(baseUrl: string): Promise<Counts> {
  return (await (await fetch(`${baseUrl}/counts`)).json()) as Counts;
}

async function startTarget(): Promise<{ child: ChildProcess; baseUrl: string }> {
  const port = await freePort();
  const program = path.join(import.meta.dirname, 'provisioning-target.ts');
  const child = spawn(process.execPath, [program, `${port}`, `${latency}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  const baseUrl = `http://127.0.0.1:${port}`;
  while (!(await countsOf(baseUrl).catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`The target ended with ${child.exitCode}.`);
    await sleep(20);
  }
  return { child, baseUrl };
}
