import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scimTargetOf } from './callers.ts';
import { freePort, type Hub } from './hub.ts';
import { type LoadRequest, type LoadResult, type LoadTarget, runLoad } from './load.ts';
import { printProgress, type Row } from './report.ts';
import { addition, addMembersInBulk, bulkSize, createUsersInBulk, scimBase, userOf } from './scim-bulk.ts';

/** Users that are made by a request of their own. */
const mostAlone = 10_000;
/** What the peer is asked for: it makes every user anew for each page, which takes it seconds. */
const peerLimits = { users: 1000, probes: 20 };

/** Where a SCIM endpoint is, and who it is in the table. */
interface Endpoint {
  name: string;
  target: LoadTarget;
  base: string;
}

/** How much is measured. */
interface Sizes {
  users: number;
  /** Requests under way at once while single users are made. */
  connections: number;
  /** Requests of each kind of reading. */
  probes: number;
}

/** The hub's SCIM endpoint with so many users, of whom at most 10,000 come alone, the rest in bulk requests. */
export async function measureScim(hub: Hub, sizes: Sizes): Promise<Row[]> {
  return measure({ name: hub.engine, target: await scimTargetOf(hub), base: scimBase }, sizes);
}

/** The same of scimmy-routers in a process of its own, with at most 1,000 users and 20 probes. */
export async function measureScimPeer(sizes: Sizes, cpu: string | undefined): Promise<Row[]> {
  const port = await freePort();
  const peer = await startPeer(port, cpu);
  const usedMilliseconds = () => processorTime(peer);
  const target = { baseUrl: `http://127.0.0.1:${port}`, authority: '', token: 'any', usedMilliseconds };
  try {
    const few = {
      ...sizes,
      users: Math.min(sizes.users, peerLimits.users),
      probes: Math.min(sizes.probes, peerLimits.probes),
    };
    return await measure({ name: 'scimmy-routers', target, base: '/scim/v2' }, few);
  } finally {
    peer.kill();
  }
}

async function measure({ name, target, base }: Endpoint, { users, connections, probes }: Sizes): Promise<Row[]> {
  const rows: Row[] = [];
  const row = (what: string, result: LoadResult) => {
    const measured = { what, engine: name, ...result };
    rows.push(measured);
    printProgress(measured);
  };
  const inBulk = Math.ceil((users - Math.min(users / 2, mostAlone)) / bulkSize) * bulkSize;
  const bulk = await createUsersInBulk(target, base, 0, inBulk);
  row(`SCIM: bulk requests of ${bulkSize} users`, bulk);
  row('SCIM: users created in bulk', { ...bulk, perSecond: bulk.perSecond * bulkSize, cpu: bulk.cpu / bulkSize });
  row(
    `SCIM: create user (${connections} at once, until there are ${users})`,
    await runLoad(target, connections, users - inBulk, (index) => ({
      method: 'POST',
      path: `${base}/Users`,
      body: userOf(inBulk + index),
    })),
  );
  const some = (index: number) => (index * 7919) % users;
  const pages = Math.floor(users / 100);
  const reads: Record<string, (index: number) => LoadRequest> = {
    'filter by userName': (index) => ({ path: filterPath(base, `userName eq "user${some(index)}@bench.example"`) }),
    'filter by externalId': (index) => ({ path: filterPath(base, `externalId eq "e${some(index)}"`) }),
    'first page of 100': () => ({ path: `${base}/Users?count=100` }),
    'pages of 100, one after another': (index) => ({
      path: `${base}/Users?count=100&startIndex=${(index % pages) * 100 + 1}`,
    }),
  };
  for (const [what, make] of Object.entries(reads)) row(`SCIM: ${what}`, await runLoad(target, 1, probes, make));
  await measureMembers({ name, target, base }, users, probes, row);
  return rows;
}

/** Adding a member to a small group and to one that has nearly everybody. */
async function measureMembers(
  { name, target, base }: Endpoint,
  users: number,
  most: number,
  row: (what: string, result: LoadResult) => void,
): Promise<void> {
  const probes = Math.min(most, Math.floor(users / 4));
  const ids = await readIds({ name, target, base }, users);
  const [few, many] = [ids.slice(0, probes), ids.slice(probes)];
  for (const [size, members] of [
    ['an empty group', []],
    [`a group of ${many.length}`, many],
  ] as const) {
    const { id } = await send(target, 'POST', `${base}/Groups`, {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: size,
    });
    await addMembersInBulk(target, base, String(id), members);
    const result = await runLoad(target, 1, few.length, (index) => ({
      method: 'PATCH',
      path: `${base}/Groups/${id}?attributes=displayName`,
      body: addition([{ value: few[index] ?? '' }]),
      expect: 200,
    }));
    row(`SCIM: add a member to ${size}`, result);
  }
}

function filterPath(base: string, filter: string): string {
  return `${base}/Users?filter=${encodeURIComponent(filter)}`;
}

async function readIds({ target, base }: Endpoint, users: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < users) {
    const page = await send(target, 'GET', `${base}/Users?attributes=id&count=1000&startIndex=${ids.length + 1}`);
    const found = (page.Resources ?? []).map(({ id }) => id);
    if (found.length === 0) break;
    ids.push(...found);
  }
  return ids;
}

/** What the measurement reads of an answer. */
interface Answered {
  id?: string;
  Resources?: { id: string }[];
}

async function send(target: LoadTarget, method: string, place: string, body?: object): Promise<Answered> {
  const response = await fetch(target.baseUrl + place, {
    method,
    headers: { authorization: `Bearer ${target.token}`, 'content-type': 'application/scim+json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${place} was answered ${response.status}: ${text.slice(0, 500)}`);
  return text === '' ? {} : JSON.parse(text);
}

async function startPeer(port: number, cpu: string | undefined): Promise<ChildProcess> {
  const program = [path.join(import.meta.dirname, 'scimmy-peer.ts'), String(port)];
  const bound = cpu === undefined ? [] : ['taskset', '-c', cpu];
  const [command = '', ...parameters] = [...bound, process.execPath, ...program];
  const peer = spawn(command, parameters, { stdio: ['ignore', 'ignore', 'inherit'] });
  while (!(await answers(port))) {
    if (peer.exitCode !== null) throw new Error(`scimmy-routers ended with ${peer.exitCode}.`);
    await sleep(20);
  }
  return peer;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path: '/' }, (response) => {
      response.resume();
      resolve(true);
    });
    asked.on('error', () => resolve(false));
    asked.end();
  });
}

/** Linux tells times of processes in ticks of 10 ms. */
function processorTime({ pid }: ChildProcess): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) * 10;
}
