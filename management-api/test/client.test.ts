import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, ManagementApiError } from '../src/index.ts';

interface Sent {
  method: string | undefined;
  url: string;
  authorization: string | null;
  body: unknown;
}

/** A client of a server that gives these answers one after another, and what it was sent. */
function clientOf(...answers: Response[]) {
  const sent: Sent[] = [];
  const client = createClient({
    baseUrl: 'https://hub.test/v1.0',
    token: async () => 'token',
    fetch: async (url, init) => {
      const request = new Request(url, init);
      const body = init?.body === undefined ? undefined : await request.json();
      sent.push({ method: init?.method, url: String(url), authorization: request.headers.get('authorization'), body });
      return answers.shift() ?? new Response(null, { status: 204 });
    },
  });
  return { client, sent };
}

test('a stream of events comes as it is sent, and is resumed after one of them', async () => {
  const parts = ['retry: 500\n\nid: 1.a\nda', 'ta: {"id":"a"}\n\n: nothing new\n\nid: 2.b\n', 'data: {}\n\n'];
  let seen: string | null = null;
  const client = createClient({
    baseUrl: 'https://hub.example/v1.0',
    fetch: async (_url, init) => {
      seen = new Headers(init?.headers).get('last-event-id');
      const body = ReadableStream.from(parts.map((part) => new TextEncoder().encode(part)));
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    },
  });
  const events = await client.streamProvisioningLogs({ lastEventId: '0.z' });
  assert.deepEqual(await Array.fromAsync(events), [
    { id: '1.a', data: '{"id":"a"}' },
    { id: '2.b', data: '{}' },
  ]);
  assert.equal(seen, '0.z');
});

test('a call becomes a request with the path, query and body that the operation declares', async () => {
  const { client, sent } = clientOf(Response.json({ value: [] }));
  await client.listUsers({ $filter: "displayName eq 'A & B'", $top: 5 });
  await client.updateUser({ id: 'homer#EXT#@x.example/..', body: { jobTitle: null } });
  await client.removeGroupMember({ id: 'g', memberId: "o'neil" });
  assert.deepEqual(sent, [
    {
      method: 'GET',
      url: "https://hub.test/v1.0/users?$filter=displayName%20eq%20'A%20%26%20B'&$top=5",
      authorization: 'Bearer token',
      body: undefined,
    },
    {
      method: 'PATCH',
      url: 'https://hub.test/v1.0/users/homer%23EXT%23%40x.example%2F..',
      authorization: 'Bearer token',
      body: { jobTitle: null },
    },
    {
      method: 'DELETE',
      url: "https://hub.test/v1.0/groups/g/members/o'neil/$ref",
      authorization: 'Bearer token',
      body: undefined,
    },
  ]);
});

test('a collection is read over all of its pages', async () => {
  const { client, sent } = clientOf(
    Response.json({ value: [{ id: '1' }, { id: '2' }], '@odata.nextLink': 'https://hub.test/v1.0/users?$skiptoken=x' }),
    Response.json({ value: [{ id: '3' }] }),
  );
  const ids = [];
  for await (const user of client.each(client.listUsers({ $top: 2 }))) ids.push(user.id);
  assert.deepEqual(ids, ['1', '2', '3']);
  assert.deepEqual(sent.map(({ url }) => url).at(-1), 'https://hub.test/v1.0/users?$skiptoken=x');
});

test('the token never goes to another server, whatever an answer says', async () => {
  const { client, sent } = clientOf(
    Response.json({ value: [], '@odata.nextLink': 'https://evil.test/v1.0/users?$skiptoken=x' }),
  );
  await assert.rejects(async () => {
    for await (const user of client.each(client.listUsers())) assert.fail(user.id);
  }, /at another server/);
  assert.equal(sent.length, 1);
});

test('values that would mean another path are refused before anything is sent', async () => {
  const { client, sent } = clientOf();
  for (const id of ['', '.', '..']) {
    await assert.rejects(async () => client.deleteUser({ id }), TypeError);
  }
  assert.deepEqual(sent, []);
});

test('an answer that is no success becomes an error that says why and where to look', async () => {
  const body = { error: { code: 'Request_ResourceNotFound', message: 'Not there.' } };
  const headers = { 'request-id': 'r1', 'retry-after': '7' };
  const { client } = clientOf(
    Response.json(body, { status: 404, headers }),
    new Response('Bad gateway', { status: 502 }),
  );
  await assert.rejects(client.getUser({ id: 'x' }), (error) => {
    assert.ok(error instanceof ManagementApiError);
    const { status, code, message, requestId, retryAfterSeconds } = error;
    assert.deepEqual(
      [status, code, message, requestId, retryAfterSeconds],
      [404, 'Request_ResourceNotFound', 'Not there.', 'r1', 7],
    );
    return true;
  });
  await assert.rejects(client.countUsers(), { status: 502, code: 'unknown' });
});
