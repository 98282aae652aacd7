import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import path from 'node:path';
import { test } from 'node:test';
import { createPostgresDatabase } from '../postgres-database.ts';
import { run, type Started, start, temporaryFolder } from './program.ts';

const folder = temporaryFolder();

/** Settings of a hub with a data folder of its own and an administrator, without the demo. */
function newHub(name: string): { data: string; settings: Record<string, string> } {
  const data = path.join(folder, name);
  return {
    data,
    settings: {
      COUNTERSIGN_DATA_FOLDER: data,
      COUNTERSIGN_DEMO: 'false',
      COUNTERSIGN_PUBLIC_URL: 'https://localhost',
      COUNTERSIGN_ADMINISTRATOR_PASSWORD: 'correct horse battery staple',
    },
  };
}

/** The status and body with which the management API answers a token. */
function callApi({ port }: Started, data: string, token: string, address = '/v1.0/users') {
  const ca = readFileSync(path.join(data, 'tls/ca.pem'));
  const headers = { host: 'localhost', authorization: `Bearer ${token.trim()}` };
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    request({ host: '127.0.0.1', servername: 'localhost', port, path: address, ca, headers, agent: false })
      .on('error', reject)
      .on('response', async (response) => {
        let body = '';
        for await (const chunk of response.setEncoding('utf8')) body += chunk;
        resolve({ status: response.statusCode, body });
      })
      .end();
  });
}

/** Runs a command that must succeed, and returns what it prints. */
async function succeed(settings: Record<string, string>, ...parameters: string[]): Promise<string> {
  const { code, out, error } = await run(settings, ...parameters);
  assert.equal(code, 0, error);
  return out;
}

test('a token, a backup during operation, and a restore that is refused while a server runs', async () => {
  const { data, settings } = newHub('first');
  const server = await start(settings);
  const token = await succeed(settings, 'token');
  const { status, body } = await callApi(server, data, token);
  assert.equal(status, 200, body);
  assert.match(body, /admin@countersign\.onmicrosoft\.com/);
  const byName = await succeed(
    settings,
    'token',
    '--user',
    'admin@countersign.onmicrosoft.com',
    '--tenant',
    'countersign',
  );
  assert.equal((await callApi(server, data, byName)).status, 200);

  const file = path.join(folder, 'hub.backup');
  assert.match(await succeed(settings, 'backup', file), /hub\.backup: [\d,]+ rows of \d+ tables\.\n$/);
  const again = await run(settings, 'backup', file);
  assert.deepEqual([again.code, again.out], [18, '']);
  assert.match(again.error, /exists already: name a new file/);
  const inUse = await run(settings, 'restore', file);
  assert.equal(inUse.code, 17);
  assert.match(inUse.error, /in use by countersign \d+\.\d+\.\d+ at .+ \(process \d+, since .+\): stop it first/);

  await succeed(settings, 'key', 'rotate', '--replace');
  const replaced = await succeed(settings, 'token');
  assert.equal((await callApi(server, data, replaced)).status, 200);
  const events = await callApi(server, data, replaced, '/v1.0/auditLogs/directoryAudits');
  for (const verb of ['hub.back_up', 'access_token.issue', 'signing_key.replace']) {
    assert.ok(events.body.includes(verb), verb);
  }
  assert.equal((await server.stop()).code, 0);
});

test('a backup of SQLite goes on with PostgreSQL, with the sealing key and only with it', async () => {
  const { data, settings } = newHub('second');
  const server = await start(settings);
  await server.stop();
  const token = await succeed(settings, 'token');
  const file = path.join(folder, 'second.backup');
  const { tables } = JSON.parse(await succeed(settings, 'backup', file, '--json'));
  assert.equal(tables.tenant.rows, 1);

  const { url, drop } = await createPostgresDatabase();
  const other = path.join(folder, 'other');
  const sealingKey = readFileSync(path.join(data, 'sealing-key'), 'utf8').trim();
  const onPostgres = {
    ...settings,
    COUNTERSIGN_DATA_FOLDER: other,
    COUNTERSIGN_DATABASE_URL: url,
    COUNTERSIGN_SEALING_KEY: sealingKey,
  };
  const wrongKey = await run({ ...onPostgres, COUNTERSIGN_SEALING_KEY: 'A'.repeat(43) }, 'restore', file);
  assert.equal(wrongKey.code, 14);
  assert.match(await succeed(onPostgres, 'restore', file), /rows of \d+ tables are back as they were at /);
  const restored = await start(onPostgres);
  assert.equal((await callApi(restored, other, token)).status, 200, 'the keys are the same');
  const events = await callApi(restored, other, token, '/v1.0/auditLogs/directoryAudits');
  assert.match(events.body, /hub\.restore/);
  await restored.stop();
  await drop();

  const third = path.join(folder, 'third');
  const back = { ...settings, COUNTERSIGN_DATA_FOLDER: third };
  const without = await run(back, 'restore', file);
  assert.equal(without.code, 14);
  assert.match(without.error, /put its file `sealing-key` into/);
  mkdirSync(third, { mode: 0o700, recursive: true });
  copyFileSync(path.join(data, 'sealing-key'), path.join(third, 'sealing-key'));
  await succeed(back, 'restore', file);
  const notEmpty = await run(back, 'restore', file);
  assert.equal(notEmpty.code, 18);
  assert.match(notEmpty.error, /is not empty/);
});

test('the sealing key is changed in three steps', async () => {
  const { data, settings } = newHub('fourth');
  await (await start(settings)).stop();
  await succeed(settings, 'token');
  const previous = readFileSync(path.join(data, 'sealing-key'), 'utf8').trim();
  rmSync(path.join(data, 'sealing-key'));
  const current = { ...settings, COUNTERSIGN_SEALING_KEY: 'B'.repeat(42).concat('A') };
  assert.equal((await run(current, 'token')).code, 14);
  const both = { ...current, COUNTERSIGN_PREVIOUS_SEALING_KEYS: previous };
  assert.match(await succeed(both, 'sealing', 'rotate'), /^1 secrets were sealed anew/);
  await succeed(current, 'token');
});

test('commands say what is wrong with their parameters', async () => {
  const { settings } = newHub('fifth');
  const wrong: [string[], number, RegExp][] = [
    [['backup'], 2, /^The command needs a file to write\.\n$/],
    [['backup', 'a', 'b'], 2, /^The command knows nothing to do with b\.\n$/],
    [['token', '--tenants', 'x'], 2, /^Unknown option '--tenants'\.\n$/],
    [['key', 'rotate', '--algorithm', 'HS256'], 2, /^The algorithm is RS256 or ES256 or RSA-OAEP\.\n$/],
    [
      ['backup', path.join(folder, 'none.backup')],
      12,
      /^There is no database .*fifth\/countersign\.db: start the server once/,
    ],
    [['token'], 12, /^There is no database/],
  ];
  for (const [parameters, code, text] of wrong) {
    const ended = await run(settings, ...parameters);
    assert.deepEqual([ended.code, ended.out], [code, ''], parameters.join(' '));
    assert.match(ended.error, text);
  }
});
