import { createClientOf, scimTargetOf, targetOf } from './callers.ts';
import { measureDisk } from './disk-limit.ts';
import type { Hub } from './hub.ts';
import { type LoadRequest, type LoadResult, type LoadTarget, runLoad } from './load.ts';
import type { Row } from './report.ts';
import { addMembersInBulk, createUsersInBulk, scimBase } from './scim-bulk.ts';

const domain = 'countersign.onmicrosoft.com';
/** Users that come by a request of their own; the others only fill the directory. */
const mostAlone = 10_000;
/** As many requests as a batch may have. */
const batchSize = 20;
const firstNames = ['Marge', 'Homer', 'Barney', 'Lenny', 'Carl', 'Waylon', 'Selma', 'Patty', 'Edna', 'Seymour'];

/**
 * One tenant with many users: creating them, reading and searching among them, and a group of all of them. `connections`
 * requests are under way at once while users are made; latencies are measured with one at a time.
 */
export async function measureDirectory(hub: Hub, users: number, connections: number): Promise<Row[]> {
  const target = targetOf(hub);
  const rows: Row[] = [];
  const row = (what: string, result: LoadResult) => {
    rows.push({ what, engine: hub.engine, ...result });
    // A run takes minutes; what is known by then should not be lost with it.
    console.error(`${hub.engine}, ${what}: ${Math.round(result.perSecond)}/s, p99 ${result.p99.toFixed(1)} ms`);
  };

  const alone = Math.min(users, mostAlone);
  const scim = await scimTargetOf(hub);
  await createUsersInBulk(scim, scimBase, 0, users - alone);
  row(
    `create user (${connections} at once, until there are ${users})`,
    await runLoad(target, connections, alone, (index) => ({
      method: 'POST',
      path: '/v1.0/users',
      body: userOf(index),
    })),
  );
  row(`create ${batchSize} users with one $batch (8 at once)`, await createInBatches(target, users, 200));

  const ids = await readIds(hub, Math.min(users, 5000));
  const someId = (index: number) => ids[(index * 7919) % ids.length] ?? '';
  const some = (index: number) => (index * 7919) % alone;
  const reads: Record<string, (index: number) => LoadRequest> = {
    'get user by id': (index) => ({ path: `/v1.0/users/${someId(index)}` }),
    'get user by user principal name': (index) => ({ path: `/v1.0/users/${upn(some(index))}` }),
    'filter by userPrincipalName': (index) => ({
      path: `/v1.0/users?$filter=${encodeURIComponent(`userPrincipalName eq '${upn(some(index))}'`)}`,
    }),
    'page of 100 users': () => ({ path: '/v1.0/users?$top=100' }),
    'startswith(displayName), 100 of a page': (index) => ({
      path: `/v1.0/users?$top=100&$filter=${encodeURIComponent(`startswith(displayName,'${firstNames[index % 10]} ${index % 9}')`)}`,
    }),
  };
  for (const [what, make] of Object.entries(reads)) {
    await runLoad(target, 1, 50, make);
    row(what, await runLoad(target, 1, 1000, make));
  }

  for (const [what, result] of await measureGroup(hub, target, scim, ids, users)) row(what, result);
  return [...rows, { what: 'a durable write of 16 KiB', engine: 'the disk alone', ...measureDisk(500) }];
}

/** Batches of users from that index on. */
async function createInBatches(target: LoadTarget, first: number, count: number): Promise<LoadResult> {
  return runLoad(target, 8, count, (batch) => ({
    method: 'POST',
    path: '/v1.0/$batch',
    body: {
      requests: Array.from({ length: batchSize }, (_, place) => ({
        id: String(place),
        method: 'POST',
        url: '/users',
        headers: { 'content-type': 'application/json' },
        body: userOf(first + batch * batchSize + place),
      })),
    },
    expect: 200,
    isRight: (answer) => answer.split('"status":201').length - 1 === batchSize,
  }));
}

function upn(index: number): string {
  return `user${index}@${domain}`;
}

function userOf(index: number): object {
  return {
    accountEnabled: true,
    displayName: `${firstNames[index % firstNames.length]} ${index}`,
    userPrincipalName: upn(index),
    mailNickname: `user${index}`,
    givenName: firstNames[index % firstNames.length],
    surname: String(index),
    department: `Department ${index % 100}`,
    jobTitle: 'Operator',
    employeeId: String(index),
  };
}

/** Adding a member to an empty group, and to one that has nearly everybody. */
async function measureGroup(
  hub: Hub,
  target: LoadTarget,
  scim: LoadTarget,
  ids: string[],
  users: number,
): Promise<[what: string, result: LoadResult][]> {
  const client = createClientOf(hub);
  const makeGroup = async (name: string) =>
    (
      await client.createGroup({
        body: { displayName: name, mailNickname: name, mailEnabled: false, securityEnabled: true },
      })
    ).id;
  const add = (group: string, list: readonly string[]) => (index: number) => ({
    method: 'POST',
    path: `/v1.0/groups/${group}/members/$ref`,
    body: { '@odata.id': `${hub.baseUrl}/v1.0/directoryObjects/${list[index]}` },
    expect: 204,
  });
  const probes = ids.slice(0, 500);
  const small = await makeGroup('small');
  const large = await makeGroup('large');
  const others = (await readIds(hub, users)).filter((id) => !probes.includes(id));
  await addMembersInBulk(scim, scimBase, large, others);
  const inSmall = await runLoad(target, 1, probes.length, add(small, probes));
  const inLarge = await runLoad(target, 1, probes.length, add(large, probes));
  return [
    ['add a member to an empty group', inSmall],
    [`add a member to a group of ${others.length}`, inLarge],
  ];
}

async function readIds(hub: Hub, count: number): Promise<string[]> {
  const client = createClientOf(hub);
  const ids: string[] = [];
  for await (const { id } of client.each(client.listUsers({ $select: 'id', $top: 999 }))) {
    ids.push(id);
    if (ids.length === count) break;
  }
  return ids;
}
