import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { type GraphAnswer, openGraphApi } from './graph-api.ts';

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage);
  const byId = (answer: GraphAnswer) =>
    new Map(answer.body.responses.map((response: { id: string }) => [response.id, response]));

  test('each request of a batch has its own status, and one after another where it says so', async () => {
    const { admin, domain } = await api.makeTenant();
    const upn = `ralph@${domain}`;
    const headers = { 'Content-Type': 'application/json' };
    const body = { userPrincipalName: upn, displayName: 'Ralph', accountEnabled: true };
    const answer = await api.call(admin, 'POST /$batch', {
      requests: [
        {
          id: 'count',
          method: 'GET',
          url: `/users/$count?$filter=userPrincipalName eq '${upn}'`,
          dependsOn: ['change'],
        },
        {
          id: 'change',
          method: 'PATCH',
          url: `/users/${upn}`,
          headers,
          body: { jobTitle: 'x' },
          dependsOn: ['create'],
        },
        { id: 'create', method: 'post', url: '/users', headers, body },
        { id: 'missing', method: 'GET', url: '/users/nobody@nowhere.example' },
        { id: 'after missing', method: 'DELETE', url: `/users/${upn}`, dependsOn: ['missing'] },
        { id: 'malformed', method: 'GET', url: '/users?$top=-1' },
        { id: 'outside', method: 'GET', url: '/../oauth2/token' },
        { id: 'relative', method: 'GET', url: 'users' },
        { id: 'me', method: 'GET', url: '/me?$select=id' },
        { id: 'Interop: with version', method: 'GET', url: '/v1.0/me' },
      ],
    });
    assert.equal(answer.status, 200);
    const responses = byId(answer) as Map<string, { status: number; body: { error: { code: string }; id: string } }>;
    const statuses = [...responses].map(([id, { status }]) => [id, status]);
    assert.deepEqual(Object.fromEntries(statuses), {
      count: 200,
      change: 204,
      create: 201,
      missing: 404,
      'after missing': 424,
      malformed: 400,
      outside: 400,
      relative: 400,
      me: 200,
      'Interop: with version': 200,
    });
    assert.equal(responses.get('count')?.body, '1');
    assert.equal(responses.get('me')?.body.id, admin.id);
    assert.equal(responses.get('after missing')?.body.error.code, 'FailedDependency');
  });

  test('a batch that cannot be ordered, is too long or repeats ids is refused', async () => {
    const { admin } = await api.makeTenant();
    const request = (id: string, dependsOn?: string[]) => ({ id, method: 'GET', url: '/me', dependsOn });
    for (const requests of [
      [],
      Array.from({ length: 21 }, (_, index) => request(String(index))),
      [request('1'), request('1')],
      [request('1', ['2'])],
      [request('1', ['1'])],
      [request('1', ['3']), request('2', ['1']), request('3', ['2'])],
      [{ id: '1', method: 'GET', url: `/users?$filter=${'('.repeat(100_000)}` }],
    ]) {
      assert.equal((await api.call(admin, 'POST /$batch', { requests })).status, 400);
    }
  });

  test('a batch gives no more rights, nests no batch and carries no stream', async () => {
    const { admin } = await api.makeTenant();
    const weak = { ...admin, may: ['User.Read'] };
    const inner = { requests: [{ id: '1', method: 'GET', url: '/me' }] };
    const answer = await api.call(weak, 'POST /$batch', {
      requests: [
        { id: '1', method: 'GET', url: '/users' },
        { id: '2', method: 'POST', url: '/$batch', body: inner },
      ],
    });
    assert.deepEqual(
      answer.body.responses.map(({ status }: { status: number }) => status),
      [403, 400],
    );
    const exported = { id: '1', method: 'GET', url: '/auditLogs/directoryAudits/$export' };
    const stream = await api.call(admin, 'POST /$batch', { requests: [exported] });
    assert.equal(stream.body.responses[0].status, 400);
  });

  test('nothing of all this was a bug', () => assert.deepEqual(api.bugs, []));
});
