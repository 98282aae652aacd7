import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import type { Mount } from '../../src/http/index.ts';
import { openTestHttp } from './open-test-http.ts';

const taking: Mount = {
  routes: [
    { method: 'POST', path: '/take', handle: ({ body }) => ({ status: 200, body: String(body?.length) }) },
    { method: 'GET', path: '/take', handle: () => ({ status: 200, body: 'ok' }) },
  ],
};
const codeOf = ({ json }: { json(): unknown }) => (json() as { error: { code: string } }).error.code;

describe('sizes', async () => {
  const server = await openTestHttp([taking], { COUNTERSIGN_LARGEST_REQUEST_BYTES: '2048' });

  test('RFC 9110 15.5.14: a body over the limit is 413, whether its length was told or not', async () => {
    const body = 'x'.repeat(2049);
    assert.equal((await server.ask('/take', { method: 'POST', body: body.slice(1) })).body, '2048');
    const told = await server.ask('/take', { method: 'POST', body });
    assert.deepEqual([told.status, codeOf(told)], [413, 'http.body_too_large']);
    const chunked = await server.askRaw(
      `POST /take HTTP/1.1\r\nHost: hub.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n801\r\n${body}\r\n0\r\n\r\n`,
    );
    assert.match(chunked, /^HTTP\/1\.1 413 /);
  });

  test('RFC 9112 9.6: who sends a large body to its end before reading gets the answer', async () => {
    const socket = connect(server.port, '127.0.0.1').pause();
    const size = 10_000_000;
    socket.write(`POST /take HTTP/1.1\r\nHost: hub.test\r\nContent-Length: ${size}\r\n\r\n`);
    for (let sent = 0; sent < size; sent += 100_000) {
      await new Promise<void>((resolve, reject) => {
        socket.write('x'.repeat(100_000), (error) => (error ? reject(error) : resolve()));
      });
    }
    socket.write('GET /take HTTP/1.1\r\nHost: hub.test\r\nConnection: close\r\n\r\n');
    const answers = await text(socket.resume());
    assert.match(answers, /^HTTP\/1\.1 413 [\s\S]*HTTP\/1\.1 200 [\s\S]*ok$/);
  });

  test('RFC 9110 15.5.15: an address over the limit is 414', async () => {
    const answer = await server.ask(`/take?${'x'.repeat(17_000)}`);
    assert.deepEqual([answer.status, codeOf(answer)], [414, 'http.url_too_long']);
  });

  test('RFC 6585 5: headers over the limit are 431', async () => {
    const answer = await server.ask('/take', { headers: { host: 'hub.test', cookie: 'x'.repeat(40_000) } });
    assert.deepEqual([answer.status, codeOf(answer)], [431, 'http.headers_too_large']);
    assert.ok(answer.headers['request-id']);
  });
});

describe('forms', async () => {
  const server = await openTestHttp([taking]);

  test('RFC 9110 15.5.16: an encoded body and a malformed type are 415', async () => {
    for (const headers of [{ 'content-encoding': 'gzip' }, { 'content-type': 'nonsense' }]) {
      const answer = await server.ask('/take', {
        method: 'POST',
        headers: { host: 'hub.test', ...headers },
        body: 'x',
      });
      assert.deepEqual([answer.status, codeOf(answer)], [415, 'http.media_type_not_supported']);
    }
  });

  test('a path that is not encoded well is 400', async () => {
    for (const path of ['/take%', '/take%zz', '/take%ff', '/take%00', '/take/%c0%af']) {
      const answer = await server.ask(path);
      assert.deepEqual([answer.status, codeOf(answer)], [400, 'http.malformed_url'], path);
    }
  });

  test('what is no HTTP is 400', async () => {
    for (const text of [
      '\x16\x03\x01hello',
      'GET\r\n\r\n',
      'GET /take HTTP/9.9\r\n\r\n',
      'NONSENSE /take HTTP/1.1\r\n\r\n',
    ]) {
      assert.match(await server.askRaw(text), /^HTTP\/1\.1 400 .*"http\.malformed_request"/s);
    }
  });

  test('RFC 9112 6.1: lengths that contradict each other are refused', async () => {
    const smuggled =
      'POST /take HTTP/1.1\r\nHost: hub.test\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /take HTTP/1.1\r\n\r\n';
    assert.match(await server.askRaw(smuggled), /^HTTP\/1\.1 400 (?!.*HTTP\/1\.1)/s);
  });
});

describe('slow clients', async () => {
  const limits = { headersTime: 60, requestTime: 120, silentTime: 400, keepAliveTime: 100 };
  const server = await openTestHttp([taking], {}, { limits });

  test('RFC 9110 15.5.9: headers and bodies that trickle in are 408, and others are served meanwhile', async () => {
    const slow = [
      server.askRaw('GET /take HTTP/1.1\r\nHost: hub.test\r\nX-Slow: '),
      server.askRaw('POST /take HTTP/1.1\r\nHost: hub.test\r\nContent-Length: 100\r\n\r\nx'),
    ];
    assert.equal((await server.ask('/take')).status, 200);
    for (const answer of await Promise.all(slow)) assert.match(answer, /^HTTP\/1\.1 408 .*"http\.request_too_slow"/s);
  });

  test('a connection on which nothing is sent is closed', async () => {
    const closed = Promise.withResolvers<void>();
    connect(server.port, '127.0.0.1').resume().on('close', closed.resolve);
    await closed.promise;
  });
});
