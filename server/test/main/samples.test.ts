import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../../tools/free-port.ts';
import { type Started, start, temporaryFolder } from './program.ts';

const demo = async () => ({
  COUNTERSIGN_DATA_FOLDER: path.join(temporaryFolder(), 'data'),
  COUNTERSIGN_DEMO: 'true',
  COUNTERSIGN_SAMPLES: 'true',
  COUNTERSIGN_SAMPLE_WEB_PORT: String(await freePort()),
  COUNTERSIGN_SAMPLE_API_PORT: String(await freePort()),
  COUNTERSIGN_SAMPLE_CLAIMS_PORT: String(await freePort()),
});

/** Asks until it answers. */
async function answerOf(address: string): Promise<Response> {
  for (;;) {
    const answer = await fetch(address, { redirect: 'manual' }).catch(() => undefined);
    if (answer) return answer;
    await pause(50);
  }
}

function webAddress(server: Started): string {
  return /Insurance sample +(http:\S+)/.exec(server.shown())?.[1] ?? '';
}

/** Asks until nobody answers any more. */
async function untilSilent(address: string): Promise<void> {
  while (await fetch(address).catch(() => undefined)) await pause(50);
}

test('in demo mode the insurance sample runs beside the hub, leads to its sign-in, and stops with it', async () => {
  const server = await start(await demo());
  const address = webAddress(server);
  const plans = await answerOf(`${address}/plans`);
  assert.ok(plans.status === 200 || plans.status === 502, 'the API may still be starting');
  const { status, headers } = await answerOf(`${address}/sign-in`);
  assert.equal(status, 303);
  const to = new URL(headers.get('location') ?? '');
  assert.equal(to.origin, `https://localhost:${server.port}`);
  assert.match(to.pathname, /^\/contoso\.onmicrosoft\.com\/b2c_1_signupsignin1\/oauth2\/v2\.0\/authorize$/i);
  assert.equal((await server.stop()).code, 0);
  await assert.rejects(fetch(address));
});

test('the claims-aware sample leads to its sign-in, and its home organizations are there at every start', async () => {
  const settings = await demo();
  for (let times = 0; times < 2; times++) {
    const server = await start(settings);
    const address = /Claims-aware sample +(http:\S+)/.exec(server.shown())?.[1] ?? '';
    for (const protocol of ['ws-federation', 'saml']) {
      const { status, headers } = await answerOf(`${address}/sign-in?protocol=${protocol}&home=mycompany.example`);
      assert.equal(status, 303);
      assert.equal(new URL(headers.get('location') ?? '').origin, `https://localhost:${server.port}`);
    }
    assert.match(server.shown(), /Demo people +such as \S+ and \S+, with password \S{12}\n/);
    assert.doesNotMatch((await server.stop()).out, /a sample reports|was not started/);
  }
});

test('a sample ends when the hub is killed', async () => {
  const server = await start(await demo());
  const address = webAddress(server);
  await answerOf(address);
  server.child.kill('SIGKILL');
  await untilSilent(address);
});

test('the next start replaces the secret of the sample instead of adding one', async () => {
  const settings = await demo();
  for (let times = 0; times < 2; times++) {
    const server = await start(settings);
    const { status } = await answerOf(`${webAddress(server)}/sign-in`);
    assert.equal(status, 303);
    const { out } = await server.stop();
    assert.doesNotMatch(out, /csec_|a sample has ended|was not started/);
  }
});

test('a stop while the samples are being started waits for them', async () => {
  const server = await start(await demo());
  const { code, out } = await server.stop();
  assert.equal(code, 0);
  assert.doesNotMatch(out, /"level":"(?:warn|error)"/);
});

test('where the port is taken the sample is not started, and the hub says so', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const server = await start({ ...(await demo()), COUNTERSIGN_SAMPLE_API_PORT: String(port) });
  assert.match(
    server.shown(),
    new RegExp(`Insurance sample +not started: another program has port ${port}; COUNTERSIGN_SAMPLE_API_PORT`),
  );
  assert.equal((await server.stop()).code, 0);
  other.close();
});
