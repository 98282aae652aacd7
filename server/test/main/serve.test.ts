import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:https';
import path from 'node:path';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { openLog } from '../../src/http/index.ts';
import { actOfHub } from '../../src/main/act-of-hub.ts';
import { foundHub } from '../../src/main/found-hub.ts';
import { openHub } from '../../src/main/open-hub.ts';
import { readSettings } from '../../src/settings/index.ts';
import { createPostgresDatabase } from '../postgres-database.ts';
import { run, type Started, start, temporaryFolder } from './program.ts';

interface Answer {
  status: number;
  body: string;
}

/** Asks over TLS, trusting the authority of the data folder and nothing else. */
function get(port: number, folder: string, address: string): Promise<Answer> {
  return send(port, folder, 'GET', address);
}

function send(
  port: number,
  folder: string,
  method: string,
  address: string,
  body?: object,
  servername = 'localhost',
): Promise<Answer> {
  const ca = readFileSync(path.join(folder, 'tls/ca.pem'));
  const headers = { host: `${servername}:${port}`, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', servername, port, method, path: address, ca, headers, agent: false })
      .on('error', reject)
      .on('response', async (response) => {
        let answer = '';
        for await (const chunk of response.setEncoding('utf8')) answer += chunk;
        resolve({ status: response.statusCode ?? 0, body: answer });
      })
      .end(body && JSON.stringify(body));
  });
}

const newFolder = () => path.join(temporaryFolder(), 'data');

test('the first start makes everything it needs, and says where it listens and how the first administrator comes in', async () => {
  const folder = newFolder();
  const server = await start({ COUNTERSIGN_DATA_FOLDER: folder });
  for (const address of ['/healthz', '/readyz', '/metrics'])
    assert.equal((await get(server.port, folder, address)).status, 200);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  const shown = server.shown();
  assert.match(shown, new RegExp(`Countersign listens at https://localhost:${server.port}\n`));
  assert.match(shown, new RegExp(`Management API +https://localhost:${server.port}/v1\\.0\n`));
  assert.match(
    shown,
    /First administrator +npx countersign setup admin@\S+ --url https:\/\/localhost:\d+ --secret cssetup_[\w-]{43}\n +once, until/,
  );
  assert.match(shown, /tls\/ca\.pem, for clients to trust/);
  const { code, out } = await server.stop();
  assert.equal(code, 0);
  assert.doesNotMatch(out, /cssetup_/, 'the secret does not stand in the log');
  for (const line of out.trimEnd().split('\n')) assert.ok(JSON.parse(line).level, 'standard output is the log alone');
});

test('the first administrator comes in with the secret, once, and the next start offers none', async () => {
  const folder = newFolder();
  const server = await start({ COUNTERSIGN_DATA_FOLDER: folder });
  const [, userPrincipalName, secret] = /setup (\S+) .*--secret (\S+)/.exec(server.shown()) ?? [];
  const person = { userPrincipalName, displayName: 'Marge', password: 'correct horse battery staple' };
  const setUp = (given?: string) => send(server.port, folder, 'POST', '/v1.0/setup', { ...person, secret: given });
  assert.equal((await setUp('cssetup_wrong')).status, 403);
  assert.equal((await setUp(secret)).status, 201);
  assert.notEqual((await setUp(secret)).status, 201);
  assert.equal((await get(server.port, folder, '/v1.0/users')).status, 401);
  const { out } = await server.stop();
  assert.match(out, /"route":"setUp","status":201/);
  assert.doesNotMatch(out, /correct horse|cssetup_/);
  const next = await start({ COUNTERSIGN_DATA_FOLDER: folder });
  assert.doesNotMatch(next.shown(), /First administrator/);
  await next.stop();
});

test('with a password in the settings the first administrator is made by the start', async () => {
  const settings = (password: string) => ({
    COUNTERSIGN_DATA_FOLDER: newFolder(),
    COUNTERSIGN_ADMINISTRATOR_PASSWORD: password,
  });
  const server = await start(settings('correct horse battery staple'));
  assert.doesNotMatch(server.shown(), /First administrator/);
  await server.stop();
  const { code, error } = await run(settings('password'));
  assert.equal(code, 10);
  assert.match(error, /^COUNTERSIGN_ADMINISTRATOR_PASSWORD: [^\n]+\n$/);
});

test('the demo tenants are made by the first start, and their hosts are served with certificates of their own', async () => {
  const folder = newFolder();
  const server = await start({ COUNTERSIGN_DATA_FOLDER: folder, COUNTERSIGN_DEMO: 'true' });
  const { port } = server;
  const [, shown = ''] = /Tenant contoso +(https:\/\/localhost:\d+\/\S+)/.exec(server.shown()) ?? [];
  const metadata = await get(port, folder, new URL(shown).pathname);
  assert.equal(metadata.status, 200);
  const { issuer, jwks_uri: keys } = JSON.parse(metadata.body);
  assert.equal(shown, `${issuer}/.well-known/openid-configuration`, 'OpenID Connect Discovery 1.0 4.3');
  assert.equal(JSON.parse((await get(port, folder, new URL(keys).pathname)).body).keys.length, 2);
  const ask = (host: string) => send(port, folder, 'GET', '/v1.0/users', undefined, host);
  assert.equal((await ask('contoso.b2clogin.com')).status, 401);
  await assert.rejects(ask('fabrikam.b2clogin.com'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  await server.stop();
});

test('a start that was killed between founding the hub and making the demo tenants is made good by the next', async () => {
  const folder = newFolder();
  const settings = { COUNTERSIGN_DATA_FOLDER: folder, COUNTERSIGN_DEMO: 'true' };
  const { storage } = await openHub(readSettings(settings), openLog('silent'));
  await foundHub(storage, actOfHub, true);
  await storage.close();
  const server = await start(settings);
  assert.match(server.shown(), /Tenant contoso/);
  assert.match(server.shown(), /Tenant myoc/);
  await server.stop();
});

test('two servers that start at once in the same empty folder share it', async () => {
  const folder = newFolder();
  const servers = await Promise.all([1, 2].map(() => start({ COUNTERSIGN_DATA_FOLDER: folder })));
  for (const { port } of servers) assert.equal((await get(port, folder, '/readyz')).status, 200);
  for (const server of servers) assert.equal((await server.stop()).code, 0);
});

test('on PostgreSQL it is ready while the database answers, and stays healthy when it does not', async () => {
  const { url, drop } = await createPostgresDatabase();
  const folder = newFolder();
  const server = await start({
    COUNTERSIGN_DATABASE_URL: url,
    COUNTERSIGN_SEALING_KEY: 'A'.repeat(43),
    COUNTERSIGN_DATA_FOLDER: folder,
  });
  assert.equal((await get(server.port, folder, '/readyz')).status, 200);
  await drop();
  assert.deepEqual(await get(server.port, folder, '/readyz'), {
    status: 503,
    body: '{"status":"not ready","checks":{"database":"failed"}}',
  });
  assert.equal((await get(server.port, folder, '/healthz')).status, 200);
  assert.equal((await server.stop()).code, 0);
});

/** Sends a request up to the middle of its body. */
function sendHalf({ port }: Started, folder: string) {
  const socket = connect({
    host: '127.0.0.1',
    servername: 'localhost',
    port,
    ca: readFileSync(path.join(folder, 'tls/ca.pem')),
  });
  const answer = new Promise<string>((resolve) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {}).on('close', () => resolve(text));
  });
  const sent = new Promise<void>((resolve) => {
    // The server answers 100 when it has begun to read.
    socket.once('data', () => resolve());
  });
  socket.write(
    `POST /healthz HTTP/1.1\r\nHost: localhost:${port}\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n`,
  );
  return { socket, sent, answer };
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} lets a request in flight end, and then the server ends with 0`, async () => {
    const folder = newFolder();
    const server = await start({ COUNTERSIGN_DATA_FOLDER: folder });
    const half = sendHalf(server, folder);
    await half.sent;
    server.child.kill(signal);
    await assert.rejects(untilRefused(server.port, folder));
    half.socket.write('0123456789');
    assert.match(await half.answer, /HTTP\/1\.1 405 /);
    assert.equal((await server.ended).code, 0);
  });
}

test('whoever is out of patience sends the signal again, and the server ends at once', async () => {
  const folder = newFolder();
  const server = await start({ COUNTERSIGN_DATA_FOLDER: folder });
  await sendHalf(server, folder).sent;
  const again = setInterval(() => server.child.kill('SIGTERM'), 50);
  assert.equal((await server.ended).code, 143);
  clearInterval(again);
});

/** Asks until nobody listens any more. */
async function untilRefused(port: number, folder: string): Promise<never> {
  for (;;) await get(port, folder, '/healthz');
}

test('--help explains every command and every setting', async () => {
  const { settingsTable, environmentName } = await import('../../src/settings/index.ts');
  const { commands } = await import('../../src/main/index.ts');
  for (const parameters of [['--help'], ['help'], ['serve', '-h']]) {
    const { code, out, error } = await run({}, ...parameters);
    assert.deepEqual([code, error], [0, '']);
    for (const name of Object.keys(settingsTable)) assert.match(out, new RegExp(`^  ${environmentName(name)} `, 'm'));
    for (const { name } of commands) assert.match(out, new RegExp(`^  ${name} `, 'm'));
    for (const line of out.split('\n')) assert.ok(line.length <= 100 || !line.includes(' ', 50), line);
  }
});
