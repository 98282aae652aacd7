import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { makeSigningKey } from '../../src/issuance/index.ts';
import type { Report } from '../../src/main/doctor/finding.ts';
import { examineClock } from '../../src/main/doctor/machine.ts';
import { createPostgresDatabase } from '../postgres-database.ts';
import { run, start, temporaryFolder } from './program.ts';

const folder = temporaryFolder();

const settingsOf = (name: string) => ({ COUNTERSIGN_DATA_FOLDER: path.join(folder, name), COUNTERSIGN_DEMO: 'false' });

/** What the doctor finds: each examination with its states, and all texts by examination. */
async function examine(settings: Record<string, string>) {
  const { code, out, error } = await run(settings, 'doctor', '--json');
  assert.equal(error, '');
  // How much room the disk of the tests has is nobody's fault.
  const reports = (JSON.parse(out) as Report[]).filter(({ name }) => name !== 'disk space');
  const states = Object.fromEntries(
    reports.map(({ name, findings }) => [name, findings.map(({ state }) => state).join()]),
  );
  const texts = Object.fromEntries(
    reports.map(({ name, findings }) => [name, findings.map(({ text }) => text).join('\n')]),
  );
  return { code, states, texts };
}

const well = {
  'data folder': 'ok',
  certificate: 'ok',
  database: 'ok',
  clock: 'ok',
  'sealing key': 'ok',
  'signing keys': 'ok',
  servers: 'ok',
  port: 'ok',
};

test('all is well with a hub that runs, and with one that was stopped', async () => {
  const settings = settingsOf('well');
  const server = await start(settings);
  await run({ ...settings, COUNTERSIGN_PUBLIC_URL: 'https://localhost' }, 'token');
  const running = await examine({ ...settings, COUNTERSIGN_PORT: String(server.port) });
  assert.deepEqual([running.code, running.states], [0, well]);
  assert.match(running.texts['port'] ?? '', /is taken, as is right while a server runs/);
  assert.match(running.texts['servers'] ?? '', new RegExp(`process ${server.child.pid}, since`));
  await server.stop();
  const stopped = await examine({ ...settings, COUNTERSIGN_PORT: String(server.port) });
  assert.deepEqual([stopped.code, stopped.states], [0, well]);
  assert.equal(stopped.texts['servers'], 'None runs.');
  const { out } = await run({ ...settings, COUNTERSIGN_PORT: String(server.port) }, 'doctor');
  assert.match(out, /^ +ok {4}data folder +\//);
});

test('a hub on PostgreSQL is examined there', async () => {
  const { url, drop } = await createPostgresDatabase();
  const settings = {
    ...settingsOf('postgres'),
    COUNTERSIGN_DATABASE_URL: url,
    COUNTERSIGN_SEALING_KEY: 'A'.repeat(43),
  };
  const empty = await examine(settings);
  assert.equal(empty.states['database'], 'warning');
  const server = await start(settings);
  await server.stop();
  const { code, states } = await examine({ ...settings, COUNTERSIGN_PORT: '0' });
  assert.deepEqual([code, states], [0, well]);
  await drop();
  const gone = await examine(settings);
  assert.deepEqual([gone.code, gone.states['database']], [1, 'problem']);
  assert.match(gone.texts['database'] ?? '', /has no database of that name: create it/);
});

test('what is wrong is told with what to do', async () => {
  const settings = settingsOf('ill');
  const { COUNTERSIGN_DATA_FOLDER: data } = settings;
  const missing = await examine(settings);
  assert.deepEqual(missing.states, { 'data folder': 'problem', certificate: 'ok', database: 'problem' });
  assert.match(missing.texts['database'] ?? '', /start the server once/);

  await (await start(settings)).stop();
  writeFileSync(path.join(data, 'sealing-key'), `${'B'.repeat(42)}A\n`);
  chmodSync(path.join(data, 'sealing-key'), 0o644);
  const { certificate } = await makeSigningKey('ES256', 'expired', new Date('2000-01-01'));
  writeFileSync(path.join(data, 'tls/ca.pem'), certificate);
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as { port: number };
  const { code, states, texts } = await examine({ ...settings, COUNTERSIGN_PORT: String(port) });
  listener.close();
  assert.equal(code, 1);
  const expected = { 'data folder': 'warning', certificate: 'problem', 'sealing key': 'problem', port: 'problem' };
  assert.deepEqual(states, { ...well, ...expected });
  assert.match(texts['data folder'] ?? '', /sealing-key: use chmod 600/);
  assert.match(texts['certificate'] ?? '', /has expired/);
  assert.match(texts['sealing key'] ?? '', /set COUNTERSIGN_SEALING_KEY to that key/);
  assert.match(texts['port'] ?? '', /taken by another program/);
  assert.match(readFileSync(path.join(data, 'sealing-key'), 'utf8'), /^B/, 'nothing is changed');

  const wrongSettings = await examine({ ...settings, COUNTERSIGN_PROT: '1', COUNTERSIGN_PORT: 'x' });
  assert.deepEqual([wrongSettings.code, wrongSettings.states], [1, { settings: 'problem,problem' }]);
});

test('a clock is wrong that is before this program, far from the database or behind the audit log', () => {
  const now = new Date('2026-06-01T10:00:00Z');
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
  assert.deepEqual(examineClock(now, later(-59), later(59)), [{ state: 'ok', text: now.toISOString() }]);
  const wrong: [Date, Date, Date | undefined, RegExp][] = [
    [new Date(0), new Date(0), undefined, /The clock says 1970/],
    [now, later(61), undefined, /differs by -61 s from that of the database server/],
    [now, later(-61), undefined, /differs by 61 s/],
    [now, now, later(61), /before the last audit event/],
  ];
  for (const [own, databaseNow, lastEvent, text] of wrong) {
    const [finding] = examineClock(own, databaseNow, lastEvent);
    assert.equal(finding?.state, 'problem');
    assert.match(finding.text, text);
  }
});
