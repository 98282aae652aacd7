import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClientOf, targetOf } from './directory.ts';
import { freePort, type Hub } from './hub.ts';
import { type LoadRequest, type LoadResult, type LoadTarget, runLoad } from './load.ts';
import type { Row } from './report.ts';

const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
const bulkSize = 100;
/** Users that the peer holds: it looks at each of them for every filter. */
const mostOfPeer = 2000;

/** Where a SCIM endpoint is, and who it is in the table. */
interface Endpoint {
  name: string;
  target: LoadTarget;
  base: string;
}

/** The hub's SCIM endpoint with so many users, of whom half come in bulk requests, the rest alone. */
export async function measureScim(hub: Hub, users: number, connections: number): Promise<Row[]> {
  const { secretText } = await createClientOf(hub).createScimToken({ body: { displayName: 'benchmark' } });
  const target = { ...targetOf(hub), token: String(secretText) };
  return measure({ name: hub.engine, target, base: '/countersign/scim/v2' }, users, connections, users);
}

/** The same of scimmy-routers in a process of its own, with at most 2,000 users. */
export async function measureScimPeer(users: number, connections: number, cpu: string | undefined): Promise<Row[]> {
  const port = await freePort();
  const peer = await startPeer(port, cpu);
  const usedMilliseconds = () => processorTime(peer);
  const target = { baseUrl: `http://127.0.0.1:${port}`, authority: '', token: 'any', usedMilliseconds };
  try {
    const some = Math.min(users, mostOfPeer);
    return await measure({ name: 'scimmy-routers', target, base: '/scim/v2' }, some, connections, 100);
  } finally {
    peer.kill();
  }
}

async function measure(
  { name, target, base }: Endpoint,
  users: number,
  connections: number,
  probes: number,
): Promise<Row[]> {
  const rows: Row[] = [];
  const row = (what: string, result: LoadResult) => rows.push({ what, engine: name, ...result });
  const half = Math.ceil(users / 2 / bulkSize) * bulkSize;
  const bulk = await runLoad(target, 4, half / bulkSize, (index) => ({
    method: 'POST',
    path: `${base}/Bulk`,
    body: bulkRequest(index * bulkSize),
    expect: 200,
  }));
  row(`SCIM: bulk requests of ${bulkSize} users`, bulk);
  row('SCIM: users created in bulk', { ...bulk, perSecond: bulk.perSecond * bulkSize, cpu: bulk.cpu / bulkSize });
  row(
    `SCIM: create user (${connections} at once, until there are ${users})`,
    await runLoad(target, connections, users - half, (index) => ({
      method: 'POST',
      path: `${base}/Users`,
      body: userOf(half + index),
    })),
  );
  const count = Math.min(1000, probes);
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
  for (const [what, make] of Object.entries(reads)) row(`SCIM: ${what}`, await runLoad(target, 1, count, make));
  rows.push(...(await measureMembers({ name, target, base }, users)));
  return rows;
}

/** Adding a member to a small group and to one that has nearly everybody. */
async function measureMembers({ name, target, base }: Endpoint, users: number): Promise<Row[]> {
  const probes = Math.min(200, Math.floor(users / 4));
  const ids = await readIds({ name, target, base }, users);
  const [few, many] = [ids.slice(0, probes), ids.slice(probes)];
  const rows: Row[] = [];
  for (const [size, members] of [
    ['an empty group', []],
    [`a group of ${many.length}`, many],
  ] as const) {
    const { id } = await send(target, 'POST', `${base}/Groups`, {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: size,
    });
    for (let start = 0; start < members.length; start += 1000) {
      const value = members.slice(start, start + 1000).map((member) => ({ value: member }));
      await send(target, 'PATCH', `${base}/Groups/${id}`, addition(value));
    }
    const result = await runLoad(target, 1, few.length, (index) => ({
      method: 'PATCH',
      path: `${base}/Groups/${id}?attributes=displayName`,
      body: addition([{ value: few[index] ?? '' }]),
      expect: 200,
    }));
    rows.push({ what: `SCIM: add a member to ${size}`, engine: name, ...result });
  }
  return rows;
}

function addition(value: { value: string }[]): object {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
  return { schemas, Operations: [{ op: 'add', path: 'members', value }] };
}

function userOf(index: number): object {
  return {
    schemas,
    userName: `user${index}@bench.example`,
    externalId: `e${index}`,
    name: { givenName: `Given${index % 100}`, familyName: `Family${index}` },
    displayName: `User ${index}`,
    title: 'Operator',
    active: true,
    emails: [{ value: `user${index}@bench.example`, type: 'work', primary: true }],
  };
}

function bulkRequest(first: number): object {
  const Operations = Array.from({ length: bulkSize }, (_, offset) => {
    const index = first + offset;
    return { method: 'POST', path: '/Users', bulkId: `b${index}`, data: userOf(index) };
  });
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations };
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
