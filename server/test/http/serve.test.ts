import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HttpRequest, HttpResponse, Mount } from '../../src/http/index.ts';
import { Refusal, TemporaryFailure } from '../../src/refusal.ts';
import { openTestHttp } from './open-test-http.ts';

const json = { 'content-type': 'application/json' };

function mountOf(handle: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>): Mount {
  return {
    routes: [
      { method: 'GET', path: '/things/:name', handle },
      { method: 'POST', path: '/things/:name', handle },
      { method: 'GET', path: '/v1.0/*', handle },
    ],
    answerError: ({ status, code, message, requestId }) => ({
      status,
      headers: json,
      body: JSON.stringify({ ours: { code, message, requestId } }),
    }),
  };
}

const echo = await openTestHttp([
  mountOf(({ method, url, parameters, headers, body, remoteAddress, requestId }) => ({
    status: 200,
    headers: json,
    body: JSON.stringify({
      method,
      url: url.href,
      parameters,
      type: headers['content-type'],
      body: body && Buffer.from(body).toString('latin1'),
      remoteAddress,
      requestId,
    }),
  })),
]);

describe('what a handler sees', () => {
  test('the URL has the public host, the path and the query, and the parameters of the path are decoded', async () => {
    const answer = await echo.ask('/things/marge%40jogcloud.com?$top=5&x=%2F');
    const { method, url, parameters, remoteAddress, body } = answer.json() as Record<string, unknown>;
    assert.equal(url, 'http://hub.test/things/marge%40jogcloud.com?$top=5&x=%2F');
    assert.deepEqual(
      { method, parameters, remoteAddress, body },
      {
        method: 'GET',
        parameters: { name: 'marge@jogcloud.com' },
        remoteAddress: '127.0.0.1',
        body: undefined,
      },
    );
  });

  test('Interop: azure-cli asks for //metadata/endpoints, the managed identity clients for .../token/, MSAL in another case', async () => {
    for (const path of [
      '//things//a',
      '/things/a/',
      '/THINGS/a',
      '/x/../things/a',
      '/x/%2e%2e/things/./a',
      '/things/\\a',
    ]) {
      const answer = await echo.ask(path);
      assert.equal(answer.status, 200, path);
      assert.equal(new URL((answer.json() as { url: string }).url).pathname.toLowerCase(), '/things/a', path);
    }
    assert.equal((await echo.ask('/v1.0/users/')).status, 200);
  });

  test('no path can change the host of the URL', async () => {
    for (const path of [
      '//evil.test/things/a',
      '/\\evil.test/things/a',
      '/.//evil.test/x',
      '/v1.0/@evil.test',
      '/v1.0///evil.test',
    ]) {
      const answer = await echo.ask(path);
      if (answer.status !== 404) assert.match((answer.json() as { url: string }).url, /^http:\/\/hub\.test\//, path);
    }
  });

  test('the body arrives as the bytes that were sent, whatever its type', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    for (const type of ['application/json', 'image/png', 'application/x-www-form-urlencoded']) {
      const answer = await echo.ask('/things/a', { method: 'POST', headers: { 'content-type': type }, body: bytes });
      const { body, type: seen } = answer.json() as Record<string, unknown>;
      assert.deepEqual([body, seen], [Buffer.from(bytes).toString('latin1'), type]);
    }
  });

  test('a body without a type and an empty body with one are taken', async () => {
    const untyped = await echo.ask('/things/a', { method: 'POST', body: 'x' });
    assert.equal((untyped.json() as { body: string }).body, 'x');
    const empty = await echo.ask('/things/a', { method: 'POST', headers: json });
    assert.equal((empty.json() as { body?: string }).body, undefined);
  });

  test('the signal is not aborted while the client waits, and is when it goes away', async () => {
    const aborted = Promise.withResolvers<boolean>();
    const started = Promise.withResolvers<void>();
    const server = await openTestHttp([
      mountOf(async ({ signal, parameters }) => {
        await new Promise(setImmediate);
        if (parameters['name'] === 'stay') return { status: 200, body: String(signal.aborted) };
        signal.addEventListener('abort', () => aborted.resolve(true));
        started.resolve();
        await aborted.promise;
        return { status: 200 };
      }),
    ]);
    const stay = await server.ask('/things/stay', { method: 'POST', body: 'x'.repeat(100_000) });
    assert.equal(stay.body, 'false');
    const leaving = new AbortController();
    const left = server.ask('/things/leave', { signal: leaving.signal });
    await started.promise;
    leaving.abort();
    await assert.rejects(left);
    assert.equal(await aborted.promise, true);
  });
});

describe('methods', () => {
  test('RFC 9110 9.3.2: HEAD is answered as GET without the body', async () => {
    const answer = await echo.ask('/things/a', { method: 'HEAD' });
    assert.equal(answer.status, 200);
    assert.equal(answer.body, '');
    assert.ok(Number(answer.headers['content-length']) > 50);
  });

  test('RFC 9110 9.3.7: OPTIONS tells the methods', async () => {
    const answer = await echo.ask('/things/a', { method: 'OPTIONS' });
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.allow, 'GET, POST, HEAD, OPTIONS');
    assert.equal(answer.headers['content-length'], undefined);
  });

  test('RFC 9110 15.5.6: another method is 405 in the form of the mount, with Allow', async () => {
    const answer = await echo.ask('/things/a', { method: 'DELETE' });
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.allow, 'GET, POST, HEAD, OPTIONS');
    assert.equal((answer.json() as { ours: { code: string } }).ours.code, 'http.method_not_allowed');
  });

  test('two routes for the same method and path are a bug that is found at the start', async () => {
    const { routes } = mountOf(() => ({ status: 200 }));
    await assert.rejects(openTestHttp([{ routes: [...routes, ...routes] }]), /GET \/things\/:name is served twice/);
  });
});

describe('answers', () => {
  test('every answer has headers that protect, unless it says otherwise itself', async () => {
    const server = await openTestHttp([
      {
        routes: [
          { method: 'GET', path: '/plain', handle: () => ({ status: 200, headers: json, body: '{}' }) },
          {
            method: 'GET',
            path: '/own',
            handle: () => ({
              status: 200,
              headers: {
                'cache-control': 'max-age=60',
                'set-cookie': ['a=1', 'b=2'],
                'content-security-policy': "default-src 'self'",
              },
              body: '',
            }),
          },
        ],
      },
    ]);
    const { headers } = await server.ask('/plain');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'");
    assert.equal(headers['strict-transport-security'], undefined, 'RFC 6797 7.2: not over http');
    const own = await server.ask('/own');
    assert.equal(own.headers['cache-control'], 'max-age=60');
    assert.equal(own.headers['content-security-policy'], "default-src 'self'");
    assert.deepEqual(own.headers['set-cookie'], ['a=1', 'b=2']);
  });

  test('each has a request id of ours, and gives back the client’s when it is a GUID', async () => {
    const id = 'F3B1C7F0-0000-4000-8000-00000000abcd';
    const answer = await echo.ask('/things/a', { headers: { 'client-request-id': id } });
    assert.equal(answer.headers['client-request-id'], id);
    assert.equal(answer.headers['request-id'], (answer.json() as { requestId: string }).requestId);
    assert.match(String(answer.headers['request-id']), /^[0-9a-f-]{36}$/);
    const other = await echo.ask('/things/a', { headers: { 'x-ms-client-request-id': id } });
    assert.equal(other.headers['x-ms-client-request-id'], id);
    const bad = await echo.ask('/things/a', { headers: { 'client-request-id': '<script>' } });
    assert.equal(bad.headers['client-request-id'], undefined);
  });

  test('a body that is sent as it comes arrives whole, and HEAD ends it unread', async () => {
    let ended = 0;
    async function* lines() {
      try {
        for (let line = 0; line < 1000; line++) yield `${line}\n`;
      } finally {
        ended++;
      }
    }
    const server = await openTestHttp([
      {
        routes: [
          {
            method: 'GET',
            path: '/lines',
            handle: () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: lines() }),
          },
        ],
      },
    ]);
    assert.equal((await server.ask('/lines')).body.split('\n').length, 1001);
    assert.equal(ended, 1);
    assert.equal((await server.ask('/lines', { method: 'HEAD' })).body, '');
  });

  test('when such a body breaks off, the client sees a broken connection and the log why', async () => {
    async function* broken() {
      yield 'first';
      throw new Error('the database went away');
    }
    const server = await openTestHttp([
      { routes: [{ method: 'GET', path: '/broken', handle: () => ({ status: 200, body: broken() }) }] },
    ]);
    await assert.rejects(server.ask('/broken'), /aborted|hang up|terminated/);
    assert.ok(
      server.log.some((line) => line.includes('an answer broke off') && line.includes('the database went away')),
    );
  });
});

describe('failures', () => {
  const failing = (thrown: unknown) =>
    openTestHttp([
      mountOf(() => {
        throw thrown;
      }),
    ]);

  test('a refusal is told with its status, code and text', async () => {
    const server = await failing(
      new Refusal(
        'directory.name_taken',
        { status: 409, text: 'The name {name} is taken.', advice: '' },
        { name: 'x' },
      ),
    );
    const answer = await server.ask('/v1.0/users');
    assert.equal(answer.status, 409);
    const { ours } = answer.json() as { ours: Record<string, string> };
    assert.deepEqual(ours, {
      code: 'directory.name_taken',
      message: 'The name x is taken.',
      requestId: answer.headers['request-id'],
    });
  });

  test('a temporary failure is 503 with Retry-After, and its cause stands only in the log', async () => {
    const server = await failing(
      new TemporaryFailure('The database did not answer.', 7, new Error('ECONNREFUSED 10.1.2.3')),
    );
    const answer = await server.ask('/v1.0/users');
    assert.equal(answer.status, 503);
    assert.equal(answer.headers['retry-after'], '7');
    assert.doesNotMatch(answer.body, /ECONN|database/);
    assert.ok(server.log.some((line) => line.includes('ECONNREFUSED 10.1.2.3')));
  });

  test('a bug is 500 with a reference that finds it in the log, and its text never leaves', async () => {
    const server = await failing(new TypeError('cannot read properties of undefined'));
    const answer = await server.ask('/v1.0/users');
    assert.equal(answer.status, 500);
    assert.doesNotMatch(answer.body, /undefined|TypeError|at /);
    const { requestId } = (answer.json() as { ours: { requestId: string } }).ours;
    const line = server.log.map((text) => JSON.parse(text)).find(({ error }) => error);
    assert.equal(line.requestId, requestId);
    assert.match(line.error.stack, /cannot read properties of undefined\n\s+at /);
  });

  test('whatever else is thrown is a bug as well', async () => {
    for (const thrown of ['text', undefined, { statusCode: 200 }, Object.assign(new Error('x'), { statusCode: 418 })]) {
      assert.equal((await (await failing(thrown)).ask('/v1.0/users')).status, 500);
    }
  });

  test('an answer that takes too long is 503, and its handler is told by the signal', async () => {
    const seen = Promise.withResolvers<unknown>();
    const mount = mountOf(({ signal }) => {
      signal.addEventListener('abort', () => seen.resolve(signal.reason));
      return new Promise(() => {});
    });
    const server = await openTestHttp([mount], {}, { limits: { answerTime: 30 } });
    const answer = await server.ask('/v1.0/users');
    assert.equal(answer.status, 503);
    assert.ok(answer.headers['retry-after']);
    assert.ok((await seen.promise) instanceof TemporaryFailure);
  });

  test('an unknown path is a page for browsers, in their language, and small JSON for everybody else', async () => {
    const answer = await echo.ask('/nothing/here?x=<script>');
    assert.equal(answer.status, 404);
    assert.deepEqual(answer.json(), {
      error: {
        code: 'http.not_found',
        message: 'There is nothing at this address.',
        requestId: answer.headers['request-id'],
      },
    });
    const headers = { accept: 'text/html,*/*', 'accept-language': 'de' };
    const page = await echo.ask('/nothing/here', { headers });
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(page.body, '<h1 lang="de">There is nothing at this address.</h1>');
  });
});
