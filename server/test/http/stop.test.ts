import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mount } from '../../src/http/index.ts';
import { openTestHttp } from './open-test-http.ts';

/** A route that answers when it is told to. */
function waiting(): { mount: Mount; started: Promise<void>; answer: () => void } {
  const started = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const mount: Mount = {
    routes: [
      {
        method: 'GET',
        path: '/wait',
        async handle() {
          started.resolve();
          await answered.promise;
          return { status: 200, body: 'whole' };
        },
      },
    ],
  };
  return { mount, started: started.promise, answer: answered.resolve };
}

test('a request that is being answered when the server stops gets its answer', async () => {
  const { mount, started, answer } = waiting();
  const server = await openTestHttp([mount]);
  const asked = server.ask('/wait');
  await started;
  const stopped = server.stop();
  await assert.rejects(server.ask('/healthz'), /ECONNREFUSED/, 'no new connection is taken');
  answer();
  assert.equal((await asked).body, 'whole');
  await stopped;
});

test('it waits no longer than it should', async () => {
  const { mount, started } = waiting();
  const server = await openTestHttp([mount], {}, { limits: { stopTime: 50 } });
  const asked = server.ask('/wait');
  await started;
  await Promise.all([assert.rejects(asked), server.stop()]);
});

test('connections that nobody uses do not hold it up', async () => {
  const server = await openTestHttp([], {}, { limits: { stopTime: 3_600_000 } });
  const { Agent } = await import('node:http');
  const agent = new Agent({ keepAlive: true });
  assert.equal((await server.ask('/healthz', { agent })).status, 200);
  await server.stop();
  agent.destroy();
});
