// Microsoft's own client of Microsoft Graph, unmodified, against a running hub: only the host name differs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  BatchRequestContent,
  BatchResponseContent,
  Client,
  GraphError,
  type PageCollection,
  PageIterator,
} from '@microsoft/microsoft-graph-client';
import { type RunningHub, startHub } from './running-hub.ts';

let hub: RunningHub;
let graph: Client;
let domain: string;

before(async () => {
  hub = await startHub();
  graph = Client.initWithMiddleware({
    baseUrl: `${hub.origin}/`,
    customHosts: new Set([new URL(hub.origin).hostname]),
    authProvider: { getAccessToken: async () => hub.token },
  });
  const { value } = await graph.api('/organization').get();
  domain = value[0].verifiedDomains[0].name;
});
after(() => hub.stop());

async function createUser(name: string): Promise<string> {
  const user = { userPrincipalName: `${name}@${domain}`, displayName: name, mailNickname: name, accountEnabled: true };
  const passwordProfile = { password: 'correct horse battery', forceChangePasswordNextSignIn: false };
  return (await graph.api('/users').post({ ...user, passwordProfile })).id;
}

async function createGroup(displayName: string): Promise<string> {
  const group = { displayName, mailNickname: displayName, mailEnabled: false, securityEnabled: true };
  return (await graph.api('/groups').post(group)).id;
}

/** Reads a collection to its end with the client's own iterator. */
async function readAll(first: PageCollection): Promise<{ id: string; displayName: string }[]> {
  const items: { id: string; displayName: string }[] = [];
  const iterator = new PageIterator(graph, first, (item) => {
    items.push(item);
    return true;
  });
  await iterator.iterate();
  return items;
}

async function failureOf(call: Promise<unknown>): Promise<GraphError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof GraphError, 'the call was not refused');
  return error;
}

test('users: create, show, filter, count, page by page, change and delete', async () => {
  const ids: string[] = [];
  for (const name of ['page-a', 'page-b', 'page-c', 'page-d', 'page-e']) ids.push(await createUser(name));

  const filtered = graph.api('/users').filter("startswith(displayName,'page-')").orderby('displayName');
  const first = await filtered
    .top(2)
    .count(true)
    .header('ConsistencyLevel', 'eventual')
    .select(['id', 'displayName'])
    .get();
  assert.equal(first['@odata.count'], 5);
  assert.equal(first.value.length, 2);
  const all = await readAll(first);
  assert.deepEqual(
    all.map(({ id }) => id),
    ids,
  );
  const counting = graph.api('/users/$count').header('ConsistencyLevel', 'eventual');
  assert.equal(await counting.filter("startswith(displayName,'page-')").get(), '5');

  const [id = ''] = ids;
  assert.equal(await graph.api(`/users/${id}`).patch({ jobTitle: 'Tester' }), undefined);
  const shown = await graph.api(`/users/page-a@${domain}`).select('jobTitle').get();
  assert.equal(shown.jobTitle, 'Tester');
  await graph.api(`/users/${id}`).delete();
  const { statusCode, code, requestId } = await failureOf(graph.api(`/users/${id}`).get());
  assert.deepEqual([statusCode, code], [404, 'Request_ResourceNotFound']);
  assert.match(requestId ?? '', /^[0-9a-f-]{36}$/);
});

test('groups: create, members by $ref, expand, transitive membership and delete', async () => {
  const [outer, inner, user] = [await createGroup('outer'), await createGroup('inner'), await createUser('member')];
  const reference = (id: string) => ({ '@odata.id': `${hub.origin}/v1.0/directoryObjects/${id}` });
  await graph.api(`/groups/${outer}/members/$ref`).post(reference(inner));
  await graph.api(`/groups/${inner}/members/$ref`).post(reference(user));
  const members = await readAll(await graph.api(`/groups/${outer}/transitiveMembers`).get());
  assert.deepEqual(members.map(({ id }) => id).sort(), [inner, user].sort());
  const expanded = await graph.api(`/groups/${inner}`).expand('members($select=id,displayName)').get();
  assert.equal(expanded.members[0].displayName, 'member');
  const checked = await graph.api(`/users/${user}/checkMemberGroups`).post({ groupIds: [outer, inner] });
  assert.deepEqual(checked.value.sort(), [inner, outer].sort());
  await graph.api(`/groups/${inner}/members/${user}/$ref`).delete();
  assert.deepEqual(await readAll(await graph.api(`/groups/${inner}/members`).get()), []);
  const cycle = await failureOf(graph.api(`/groups/${inner}/members/$ref`).post(reference(outer)));
  assert.equal(cycle.statusCode, 400);
  await graph.api(`/groups/${outer}`).delete();
  const left = await graph.api('/groups').filter("displayName eq 'outer'").get();
  assert.deepEqual(left.value, []);
});

test('a batch with a dependency and a failure', async () => {
  const url = (path: string) => `${hub.origin}/v1.0${path}`;
  const json = { 'content-type': 'application/json' };
  const user = { userPrincipalName: `batched@${domain}`, displayName: 'batched', accountEnabled: true };
  const content = new BatchRequestContent([
    { id: '1', request: new Request(url('/users'), { method: 'POST', headers: json, body: JSON.stringify(user) }) },
    { id: '2', request: new Request(url('/users/nobody'), { method: 'GET' }) },
  ]);
  content.addDependency('2', '1');
  const answer = new BatchResponseContent(await graph.api('/$batch').post(await content.getContent()));
  const created = answer.getResponseById('1');
  assert.equal(created.status, 201);
  assert.equal(((await created.json()) as { userPrincipalName: string }).userPrincipalName, `batched@${domain}`);
  assert.equal(answer.getResponseById('2').status, 404);
});

test('what is refused says so in the shape that the client reads', async () => {
  const { statusCode, code, message } = await failureOf(graph.api('/users').filter("nothing eq 'x'").get());
  assert.deepEqual([statusCode, code], [400, 'BadRequest']);
  assert.match(message, /property named 'nothing'/);
  const stranger = Client.initWithMiddleware({
    baseUrl: `${hub.origin}/`,
    customHosts: new Set([new URL(hub.origin).hostname]),
    authProvider: { getAccessToken: async () => 'e30.e30.e30' },
  });
  const refused = await failureOf(stranger.api('/users').get());
  assert.deepEqual([refused.statusCode, refused.code], [401, 'InvalidAuthenticationToken']);
  const tooLarge = await failureOf(graph.api('/users').post({ displayName: 'x'.repeat(10_000_000) }));
  assert.deepEqual([tooLarge.statusCode, tooLarge.code], [413, 'RequestBodyTooLarge']);
});
