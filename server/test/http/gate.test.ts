import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Mount } from '../../src/http/index.ts';
import { openTestHttp } from './open-test-http.ts';

const echo: Mount = {
  routes: [
    {
      method: 'GET',
      path: '/where',
      handle: ({ url, remoteAddress, isLocal }) => ({
        status: 200,
        body: JSON.stringify({ url: url.href, remoteAddress, isLocal }),
      }),
    },
    {
      method: 'GET',
      path: '/of/:tenant',
      handle({ parameters, admitTenant }) {
        admitTenant(parameters['tenant'] ?? '');
        return { status: 200 };
      },
    },
  ],
};

const codeOf = ({ json }: { json(): unknown }) => (json() as { error: { code: string } }).error.code;

describe('the host of a request', async () => {
  const server = await openTestHttp([echo]);

  test('is the public one, a tenant’s, or this machine’s for clients on it', async () => {
    const hosts = [
      'hub.test',
      'HUB.test',
      'login.contoso.test',
      `localhost:${server.port}`,
      `127.0.0.1:${server.port}`,
    ];
    for (const host of hosts) {
      const answer = await server.ask('/where', { headers: { host } });
      assert.equal(answer.status, 200, host);
      assert.equal((answer.json() as { url: string }).url, `http://${host.toLowerCase()}/where`);
    }
  });

  test('RFC 9110 15.5.20: any other is refused before a link could be made from it', async () => {
    const hosts = [
      'evil.test',
      'hub.test.evil.test',
      'hub.test:1234',
      'xhub.test',
      'hub.test.',
      'login.contoso.test:99',
    ];
    for (const host of hosts) {
      const answer = await server.ask('/where', { headers: { host } });
      assert.equal(answer.status, 421, host);
      assert.equal(codeOf(answer), 'http.host_not_served');
    }
  });

  test('what is no host name at all is refused', async () => {
    for (const host of ['hub.test/path', 'user@hub.test', 'hub.test#x', 'a b', 'hub.test:port', '[::1', '%00']) {
      const answer = await server.ask('/where', { headers: { host } });
      assert.equal(answer.status, 400, host);
    }
  });

  test('RFC 9112 3.2: two Host headers are refused, and so is none in HTTP/1.1', async () => {
    const two = await server.askRaw(
      'GET /where HTTP/1.1\r\nHost: hub.test\r\nHost: evil.test\r\nConnection: close\r\n\r\n',
    );
    assert.match(two, /^HTTP\/1\.1 400 /);
    assert.match(await server.askRaw('GET /where HTTP/1.1\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.match(await server.askRaw('GET /where HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.match(await server.askRaw('GET /where HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 .*"url":"http:\/\/hub\.test\//s);
  });

  test('RFC 9112 3.2.2: the host of an absolute target counts instead, and is checked as well', async () => {
    const good = await server.askRaw(
      'GET http://login.contoso.test/where HTTP/1.1\r\nHost: hub.test\r\nConnection: close\r\n\r\n',
    );
    assert.match(good, /200 .*http:\/\/login\.contoso\.test\/where/s);
    const bad = await server.askRaw(
      'GET http://evil.test/where HTTP/1.1\r\nHost: hub.test\r\nConnection: close\r\n\r\n',
    );
    assert.match(bad, /^HTTP\/1\.1 421 /);
  });

  test('X-Forwarded headers of anybody but a trusted proxy are not believed', async () => {
    const headers = {
      host: 'hub.test',
      'x-forwarded-host': 'login.contoso.test',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '192.0.2.7',
    };
    assert.deepEqual((await server.ask('/where', { headers })).json(), {
      url: 'http://hub.test/where',
      remoteAddress: '127.0.0.1',
      isLocal: false,
    });
  });
});

describe('behind a trusted proxy', async () => {
  const server = await openTestHttp([echo], {
    COUNTERSIGN_PUBLIC_URL: 'https://hub.test',
    COUNTERSIGN_ALLOW_INSECURE_HTTP: 'false',
    COUNTERSIGN_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8',
  });
  const ask = (headers: Record<string, string>) => server.ask('/where', { headers });

  test('scheme, host and address are those that the client used', async () => {
    const answer = await ask({
      host: 'internal:8080',
      'x-forwarded-host': 'login.contoso.test',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '192.0.2.7',
    });
    assert.deepEqual(answer.json(), {
      url: 'https://login.contoso.test/where',
      remoteAddress: '192.0.2.7',
      isLocal: false,
    });
    assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000');
  });

  test('of a chain, what trusted proxies wrote is believed and what the client wrote before is not', async () => {
    const answer = await ask({
      'x-forwarded-host': 'evil.test, hub.test',
      'x-forwarded-proto': 'http, https',
      'x-forwarded-for': '127.0.0.1, 203.0.113.9:4711, 10.1.2.3',
    });
    assert.deepEqual(answer.json(), { url: 'https://hub.test/where', remoteAddress: '203.0.113.9', isLocal: false });
  });

  test('a foreign host is refused although the proxy passed it on', async () => {
    const answer = await ask({ 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'https' });
    assert.equal(answer.status, 421);
    assert.equal(
      (await ask({ 'x-forwarded-host': 'localhost', 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.7' }))
        .status,
      421,
    );
  });

  test('a request that was not encrypted is refused', async () => {
    for (const headers of [{}, { 'x-forwarded-proto': 'http' }]) {
      const answer = await ask({ host: 'hub.test', ...headers });
      assert.equal(codeOf(answer), 'http.not_encrypted');
    }
    assert.equal((await ask({ host: 'hub.test', 'x-forwarded-proto': 'javascript' })).status, 400);
  });
});

describe('rate limits', () => {
  test('an address that comes too often gets 429 with Retry-After, and is served again in time', async () => {
    let now = 0;
    const server = await openTestHttp(
      [echo],
      { COUNTERSIGN_REQUESTS_PER_MINUTE_PER_ADDRESS: '3', COUNTERSIGN_TRUSTED_PROXIES: '127.0.0.1' },
      { clock: () => now },
    );
    const ask = (address: string) =>
      server.ask('/where', { headers: { host: 'hub.test', 'x-forwarded-for': address } });
    const statuses: number[] = [];
    for (let time = 0; time < 4; time++) statuses.push((await ask('192.0.2.1')).status);
    assert.deepEqual(statuses, [200, 200, 200, 429]);
    const refused = await ask('192.0.2.1');
    assert.equal(refused.headers['retry-after'], '20');
    assert.equal(codeOf(refused), 'http.too_many_requests');
    assert.equal((await ask('192.0.2.2')).status, 200, 'others are not affected');
    now = 20_000;
    assert.equal((await ask('192.0.2.1')).status, 200);
  });

  test('the addresses of one IPv6 network share a limit', async () => {
    const server = await openTestHttp([echo], {
      COUNTERSIGN_REQUESTS_PER_MINUTE_PER_ADDRESS: '1',
      COUNTERSIGN_TRUSTED_PROXIES: '127.0.0.1',
    });
    const ask = (address: string) =>
      server.ask('/where', { headers: { host: 'hub.test', 'x-forwarded-for': address } });
    assert.equal((await ask('2001:db8:1:2::1')).status, 200);
    assert.equal((await ask('2001:db8:1:2:ffff::2')).status, 429);
    assert.equal((await ask('2001:db8:1:3::1')).status, 200);
  });

  test('a tenant that is asked too much gets 429, and other tenants do not', async () => {
    const server = await openTestHttp([echo], { COUNTERSIGN_REQUESTS_PER_MINUTE_PER_TENANT: '2' });
    const ask = async (tenant: string) => (await server.ask(`/of/${tenant}`)).status;
    assert.deepEqual([await ask('a'), await ask('a'), await ask('a'), await ask('b')], [200, 200, 429, 200]);
    assert.ok(server.log.some((line) => line.includes('"tenantId":"a"') && line.includes('http.too_many_requests')));
  });
});
