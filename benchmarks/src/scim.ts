import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scimTargetOf } from './callers.ts';
import { copyUsers } from './copy-users.ts';
import { freePort, type Hub } from './hub.ts';
import { type LoadResult, type LoadTarget, runLoad } from './load.ts';
import { printProgress, type Row } from './report.ts';
import { addition, addMembersInBulk, bulkSize, createUsersInBulk, nameAt, scimBase, userOf } from './scim-bulk.ts';

/** More users than this are copies of those that requests make. */
const mostByRequests = 100_000;
/** So many of them are then made by requests. */
const originals = 20_000;
/** Requests that are not measured, after the copying. */
const warmUps = 1000;
/** Members of the large group. */
const mostMembers = 100_000;
/** What the peer is asked for: it makes every user anew for each page, which takes it seconds. */
const peerLimits = { users: 1000, probes: 20 };

/** Where a SCIM endpoint is, and who it is in the table. */
interface Endpoint {
  name: string;
  target: LoadTarget;
  base: string;
  /** Copies everybody so many times. */
  copy: (times: number) => Promise<void>;
}

/** How much is measured. */
interface Sizes {
  users: number;
  /** Users that are made by requests of their own, besides. */
  alone: number;
  /** Requests under way at once while single users are made. */
  connections: number;
  /** Requests of each kind of reading. */
  probes: number;
  /** What is measured when everybody is there. */
  parts: readonly ScimPart[];
}

/** A kind of requests. */
export const scimParts = ['creations', 'filters', 'pages', 'members'] as const;
export type ScimPart = (typeof scimParts)[number];

type Measure = (endpoint: Endpoint, sizes: Sizes & { made: number }, row: AddRow) => Promise<void>;
type AddRow = (what: string, result: LoadResult) => void;

/** The hub's SCIM endpoint with so many users. */
export async function measureScim(hub: Hub, sizes: Sizes): Promise<Row[]> {
  const copy = (times: number) => copyUsers(hub, times);
  return measure({ name: hub.engine, target: await scimTargetOf(hub), base: scimBase, copy }, sizes);
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
      alone: Math.min(sizes.alone, peerLimits.users),
      probes: Math.min(sizes.probes, peerLimits.probes),
    };
    return await measure({ name: 'scimmy-routers', target, base: '/scim/v2', copy: async () => {} }, few);
  } finally {
    peer.kill();
  }
}

async function measure(endpoint: Endpoint, sizes: Sizes): Promise<Row[]> {
  const { users, parts } = sizes;
  const { name, target, base, copy } = endpoint;
  const rows: Row[] = [];
  const row: AddRow = (what, result) => {
    const measured = { what: `SCIM: ${what}`, engine: name, ...result };
    rows.push(measured);
    printProgress(measured);
  };
  const made = users > mostByRequests ? originals : users;
  const bulk = await createUsersInBulk(target, base, 0, made);
  row(`bulk requests of ${bulkSize} users`, bulk);
  row('users created in bulk', { ...bulk, perSecond: bulk.perSecond * bulkSize, cpu: bulk.cpu / bulkSize });
  if (users > made) {
    await copy(Math.ceil(users / made) - 1);
    // The hub was started anew for it, and compiles first what it runs often.
    await runLoad(target, 1, warmUps, () => ({ path: filterPath(base, 'userName eq "nobody"') }));
  }
  for (const part of parts) await measurements[part](endpoint, { ...sizes, made }, row);
  return rows;
}

const measurements: Readonly<Record<ScimPart, Measure>> = {
  creations: async ({ target, base }, { users, alone, connections }, row) => {
    const create = (index: number) => ({ method: 'POST', path: `${base}/Users`, body: userOf(users + index) });
    const result = await runLoad(target, connections, alone, create);
    row(`create user (${connections} at once, ${users} are there)`, result);
  },

  filters: async ({ target, base }, { users, made, probes }, row) => {
    /** One of all users, wherever they come from. */
    const some = (index: number) => ({ original: (index * 7919) % made, copy: index % Math.ceil(users / made) });
    const filters: Record<string, (index: number) => string> = {
      userName: (index) => `user${some(index).original}${nameAt(some(index).copy)}`,
      externalId: (index) => `${some(index).copy === 0 ? '' : `c${some(index).copy}.`}e${some(index).original}`,
    };
    for (const [attribute, valueAt] of Object.entries(filters)) {
      const ask = (index: number) => ({ path: filterPath(base, `${attribute} eq "${valueAt(index)}"`) });
      row(`filter by ${attribute}`, await runLoad(target, 1, probes, ask));
    }
  },

  pages: async ({ target, base }, { users, probes }, row) => {
    const pages = Math.floor(users / 100);
    const page = (index: number) => ({ path: `${base}/Users?count=100&startIndex=${(index % pages) * 100 + 1}` });
    row('first page of 100', await runLoad(target, 1, probes, () => page(0)));
    row('pages of 100, one after another', await runLoad(target, 1, probes, page));
  },

  members: async (endpoint, { users, probes }, row) => {
    await measureMembers(endpoint, Math.min(users, mostMembers), probes, row);
  },
};

/** Adding a member to a small group and to one that has nearly everybody. */
async function measureMembers({ target, base }: Endpoint, users: number, most: number, row: AddRow): Promise<void> {
  const probes = Math.min(most, Math.floor(users / 4));
  const ids = await readIds(target, base, users);
  const [few, many] = [ids.slice(0, probes), ids.slice(probes, users)];
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
    row(`add a member to ${size}`, result);
  }
}

function filterPath(base: string, filter: string): string {
  return `${base}/Users?filter=${encodeURIComponent(filter)}`;
}

async function readIds(target: LoadTarget, base: string, users: number): Promise<string[]> {
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
