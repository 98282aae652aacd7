import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { assertError, core, messages, ScimHub } from './scim-hub.ts';

interface Result {
  method: string;
  bulkId?: string;
  location?: string;
  status: string;
  response?: { scimType?: string };
}

onEachDatabase(({ storage }) => {
  let hub: ScimHub;
  before(async () => {
    hub = await ScimHub.open(storage);
  });
  const bulk = (Operations: object[], more: object = {}) =>
    hub.ask('POST', '/Bulk', { schemas: [`${messages}:BulkRequest`], Operations, ...more });
  const post = (bulkId: string, userName: string) => ({ method: 'POST', path: '/Users', bulkId, data: { userName } });
  const group = (bulkId: string, displayName: string, ...members: string[]) => ({
    method: 'POST',
    path: '/Groups',
    bulkId,
    data: { schemas: [`${core}:Group`], displayName, members: members.map((value) => ({ value })) },
  });
  const statuses = (results: Result[]) => results.map(({ status }) => status);

  test('RFC 7644 3.7.3: creation, replacement, change and deletion in one request', async () => {
    const [one, two, three] = [await hub.user('b1'), await hub.user('b2'), await hub.user('b3')];
    const { status, body } = await bulk([
      post('qwerty', 'alice'),
      { method: 'PUT', path: `/Users/${one.id}`, version: one.meta.version, data: { userName: 'bob' } },
      {
        method: 'PATCH',
        path: `/Users/${two.id}`,
        data: { schemas: [`${messages}:PatchOp`], Operations: [{ op: 'add', path: 'nickName', value: 'Dave' }] },
      },
      { method: 'DELETE', path: `/Users/${three.id}`, version: three.meta.version },
    ]);
    assert.equal(status, 200);
    assert.deepEqual(body.schemas, [`${messages}:BulkResponse`]);
    assert.deepEqual(statuses(body.Operations), ['201', '200', '200', '204']);
    const [alice] = body.Operations;
    assert.equal(alice.bulkId, 'qwerty');
    assert.equal((await hub.get(`/Users/${alice.location.split('/').at(-1)}`)).body.userName, 'alice');
    assert.equal((await hub.get(`/Users/${one.id}`)).body.userName, 'bob');
    assert.equal((await hub.get(`/Users/${two.id}`)).body.nickName, 'Dave');
    assertError(await hub.get(`/Users/${three.id}`), 404);
  });

  test('RFC 7644 3.7.2: bulkIds stand for identifiers, whatever the order', async () => {
    const { body } = await bulk([group('g', 'Tour Guides', 'bulkId:u'), post('u', 'tourist')]);
    assert.deepEqual(statuses(body.Operations), ['201', '201']);
    const found = await hub.get('/Groups?filter=displayName eq "Tour Guides"');
    assert.equal(found.body.Resources[0].members[0].display, 'tourist');
  });

  test('RFC 7644 3.7.1: references in a circle are resolved, or told of where nothing can satisfy them', async () => {
    // Groups cannot contain each other here, so that the second membership fails and the first group stays.
    const { status, body } = await bulk([group('a', 'circle a', 'bulkId:b'), group('b', 'circle b', 'bulkId:a')]);
    assert.equal(status, 200);
    assert.deepEqual(statuses(body.Operations).toSorted(), ['201', '400']);
  });

  test('RFC 7644 3.7.2: a bulkId that nothing creates fails its own operation only', async () => {
    const { body } = await bulk([group('x', 'lonely', 'bulkId:nobody'), post('y', 'somebody')]);
    assert.deepEqual(statuses(body.Operations), ['400', '201']);
    assert.equal(body.Operations[0].response.scimType, 'invalidValue');
  });

  test('RFC 7644 3.7: after failOnErrors failures nothing more is done', async () => {
    const { body } = await bulk([post('1', 'alice'), post('2', 'fresh'), post('3', 'alice'), post('4', 'never')], {
      failOnErrors: 2,
    });
    assert.deepEqual(statuses(body.Operations), ['409', '201', '409']);
    assert.equal((await hub.get('/Users?filter=userName eq "never"')).body.totalResults, 0);
  });

  test('RFC 7644 3.7.3: a version that has passed, a missing resource and a strange path fail alone', async () => {
    const { id } = await hub.user('versioned');
    const { body } = await bulk([
      { method: 'DELETE', path: `/Users/${id}`, version: 'W/"99"' },
      { method: 'DELETE', path: '/Users/no-such-user' },
      { method: 'DELETE', path: '/Devices/1' },
    ]);
    assert.deepEqual(statuses(body.Operations), ['412', '404', '404']);
  });

  test('RFC 7644 3.7.4: more operations or bytes than ServiceProviderConfig says are refused by 413', async () => {
    const many = Array.from({ length: 10_000 }, (_, number) => post(String(number), `many${number}`));
    assertError(await bulk(many), 413);
    const { body } = await hub.get('/ServiceProviderConfig');
    const large = [{ ...post('l', 'large'), padding: 'x'.repeat(body.bulk.maxPayloadSize) }];
    assertError(await bulk(large), 413);
    assert.equal(body.bulk.maxOperations, 1000);
  });

  test('RFC 7644 3.7: an operation needs the scope that its own request would need', async () => {
    const token = await hub.newToken({ scopes: ['users.write'] });
    const Operations = [post('s', 'scoped'), group('t', 'not scoped')];
    const { body } = await hub.ask('POST', '/Bulk', { Operations }, { token });
    assert.deepEqual(statuses(body.Operations), ['201', '403']);
  });

  test('RFC 7644 3.7: of creations that are carried out together, those that fail leave the others alone', async () => {
    await hub.user('together-taken');
    const users = Array.from({ length: 120 }, (_, number) => post(`u${number}`, `together-${number}`));
    const { body } = await bulk([
      ...users,
      post('t', 'TOGETHER-taken'),
      { ...post('n', ''), data: { displayName: 'Nameless' } },
      post('d', 'Together-0'),
      group('g', 'Together', 'bulkId:u119'),
      group('h', 'Together, too'),
    ]);
    const failed = body.Operations.filter(({ status }: Result) => status !== '201');
    assert.deepEqual(
      failed.map(({ bulkId, status, response }: Result & { bulkId: string }) => [bulkId, status, response?.scimType]),
      [
        ['t', '409', 'uniqueness'],
        ['n', '400', 'invalidValue'],
        ['d', '409', 'uniqueness'],
      ],
    );
    assert.equal((await hub.get('/Users?filter=userName sw "together-"')).body.totalResults, 121);
    const created = await hub.storage.read.audit.list(hub.tenant.id, { verb: 'user.create' }, 1000);
    const names = created.map(({ object }) => object.id);
    assert.equal(new Set(names).size, names.length);
    const { objects } = hub.storage.read;
    const deleted = await objects.listDeleted(hub.tenant.id, 'user', 1000);
    assert.equal((await objects.count(hub.tenant.id, 'user')) + deleted.items.length, names.length);
  });

  test('RFC 7644 3.7: failures of operations that are tried together count towards failOnErrors', async () => {
    const { body } = await bulk(
      [post('1', 'fine-1'), post('2', 'alice'), post('3', 'fine-3'), post('4', 'ALICE'), post('5', 'fine-5')],
      { failOnErrors: 2 },
    );
    assert.deepEqual(statuses(body.Operations), ['201', '409', '201', '409']);
  });
});
