import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openTestHttp } from './open-test-http.ts';

const publicHttps = {
  COUNTERSIGN_PUBLIC_URL: 'https://hub.test',
  COUNTERSIGN_ALLOW_INSECURE_HTTP: 'false',
  COUNTERSIGN_TRUSTED_PROXIES: '192.0.2.1',
};

describe('/healthz and /readyz', () => {
  test('answer to whoever watches, by address and without TLS', async () => {
    const server = await openTestHttp([], publicHttps, { readiness: [{ name: 'database', check: async () => {} }] });
    const headers = { host: `10.0.0.7:${server.port}` };
    const health = await server.ask('/healthz', { headers });
    assert.deepEqual([health.status, health.json()], [200, { status: 'ok' }]);
    const ready = await server.ask('/readyz', { headers });
    assert.deepEqual([ready.status, ready.json()], [200, { status: 'ready', checks: { database: 'ok' } }]);
  });

  test('/readyz says what does not work, and the log why', async () => {
    const server = await openTestHttp(
      [],
      {},
      {
        readiness: [
          { name: 'database', check: () => Promise.reject(new Error('ECONNREFUSED 10.1.2.3')) },
          { name: 'disk', check: async () => {} },
        ],
      },
    );
    const answer = await server.ask('/readyz');
    assert.deepEqual(
      [answer.status, answer.json()],
      [503, { status: 'not ready', checks: { database: 'failed', disk: 'ok' } }],
    );
    assert.ok(server.log.some((line) => line.includes('ECONNREFUSED 10.1.2.3')));
    assert.equal((await server.ask('/healthz')).status, 200);
  });
});

describe('/metrics', () => {
  test('has the durations by route, failures by code, the process, its event loop and the gauges', async () => {
    const server = await openTestHttp(
      [{ routes: [{ method: 'GET', path: '/v1.0/*', handle: () => ({ status: 200 }) }] }],
      {},
      { gauges: [{ name: 'countersign_waiting_writes', help: 'Writes that wait.', read: () => 42 }] },
    );
    await server.ask('/v1.0/users/marge');
    await server.ask('/nowhere/1');
    await server.ask('/nowhere/2');
    const { body, headers } = await server.ask('/metrics');
    assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/);
    assert.match(
      body,
      /countersign_http_request_duration_seconds_count\{method="GET",route="\/v1\.0\/\*",status="200"\} 1/,
    );
    assert.match(
      body,
      /countersign_http_request_duration_seconds_count\{method="GET",route="unknown",status="404"\} 2/,
    );
    assert.match(body, /countersign_http_failures_total\{code="http\.not_found"\} 2/);
    assert.match(body, /nodejs_eventloop_lag_seconds /);
    assert.match(body, /process_resident_memory_bytes /);
    assert.match(body, /countersign_waiting_writes 42/);
  });

  test('without a token they are for clients on this machine, and not through a proxy', async () => {
    const server = await openTestHttp([]);
    assert.equal((await server.ask('/metrics')).status, 200);
    for (const name of ['x-forwarded-for', 'forwarded']) {
      const answer = await server.ask('/metrics', { headers: { host: 'hub.test', [name]: '127.0.0.1' } });
      assert.equal(answer.status, 403);
    }
  });

  test('RFC 6750 3: with a token they are for whoever sends it', async () => {
    const token = 'a-token-of-metrics';
    const server = await openTestHttp([], { COUNTERSIGN_METRICS_TOKEN: token });
    for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: token }]) {
      const answer = await server.ask('/metrics', { headers: { host: 'hub.test', ...headers } });
      assert.deepEqual([answer.status, answer.headers['www-authenticate']], [401, 'Bearer']);
    }
    const answer = await server.ask('/metrics', { headers: { host: 'x', authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 200);
  });
});
