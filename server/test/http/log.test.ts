import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Mount, openLog } from '../../src/http/index.ts';
import { openTestHttp } from './open-test-http.ts';

const secret = 'planted-5ecret';

test('no secret of a request stands in the log, whether it succeeds or fails', async () => {
  const handle: Mount['routes'][number]['handle'] = ({ parameters }) => {
    if (parameters['what'] === 'fail')
      throw new Error('failed', { cause: Object.assign(new Error('why'), { detail: secret }) });
    return { status: 200, headers: { 'set-cookie': `session=${secret}` }, body: secret };
  };
  const server = await openTestHttp([
    {
      routes: [
        { method: 'GET', path: '/do/:what', handle },
        { method: 'POST', path: '/do/:what', handle },
      ],
    },
  ]);
  const headers = {
    host: 'hub.test',
    authorization: `Bearer ${secret}`,
    cookie: secret,
    'x-key': secret,
    'client-request-id': secret,
  };
  for (const path of ['/do/succeed', '/do/fail', `/do/${secret}`, `/nowhere/${secret}`, '/do/%zz']) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      await server.ask(`${path}?code=${secret}&client_secret=${secret}`, {
        method,
        headers,
        ...(method === 'POST' && { body: secret }),
      });
    }
  }
  await server.ask('/do/succeed', { headers: { ...headers, host: `${secret}.test` } });
  await server.askRaw(`GET /${secret} nonsense ${secret}\r\n\r\n`);
  assert.ok(server.log.length > 15);
  assert.deepEqual(
    server.log.filter((line) => line.includes(secret)),
    [],
  );
});

test('each request is one line with its id, method, route, status, time, tenant and address', async () => {
  const server = await openTestHttp([
    {
      routes: [
        {
          method: 'GET',
          path: '/v1.0/*',
          handle({ admitTenant }) {
            admitTenant('8a7c');
            return { status: 200, operation: '/v1.0/users/{id}', body: '' };
          },
        },
      ],
    },
  ]);
  const clientRequestId = 'f3b1c7f0-0000-4000-8000-00000000abcd';
  const answer = await server.ask('/v1.0/users/marge', {
    headers: { host: 'hub.test', 'client-request-id': clientRequestId },
  });
  await server.ask('/nowhere');
  const [line, other] = server.log.map((text) => JSON.parse(text));
  assert.equal(server.log.length, 2);
  const { time, milliseconds, ...rest } = line;
  assert.ok(Date.parse(time) > 0 && milliseconds >= 0);
  assert.deepEqual(rest, {
    level: 'info',
    requestId: answer.headers['request-id'],
    clientRequestId,
    method: 'GET',
    route: '/v1.0/users/{id}',
    status: 200,
    tenantId: '8a7c',
    address: '127.0.0.1',
    msg: 'request',
  });
  assert.deepEqual([other.route, other.status, other.failure], ['unknown', 404, 'http.not_found']);
});

test('of an error the log has name, code, message, stack and causes, and nothing else that hangs on it', () => {
  const lines: string[] = [];
  const log = openLog('info', { write: (line) => lines.push(line) });
  const cause = Object.assign(new Error('row'), { code: '23505', detail: 'Key (name)=(marge)', parameters: ['x'] });
  log.error({ error: new Error('insert failed', { cause }) }, 'oops');
  log.error({ error: 'a thrown text' }, 'oops');
  const [line, other] = lines.map((text) => JSON.parse(text));
  assert.deepEqual(Object.keys(line.error), ['name', 'message', 'stack', 'cause']);
  assert.deepEqual(Object.keys(line.error.cause), ['name', 'code', 'message', 'stack']);
  assert.deepEqual(other.error, { name: 'string', message: 'Something that is no error was thrown.' });
});
