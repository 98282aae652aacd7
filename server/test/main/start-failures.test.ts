import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { type Ended, run, start, temporaryFolder } from './program.ts';

const key = (letter: string) => letter.repeat(43);

/** One sentence on the error stream that says what to do, no stack, nothing on the output. */
function assertSentence({ code, out, error }: Ended, expectedCode: number, sentence: RegExp): void {
  assert.equal(out, '');
  assert.match(error, sentence);
  assert.match(error, /^[^\n]+\.\n$/, 'one line that ends in a full stop');
  assert.doesNotMatch(error, /\n\s+at /);
  assert.equal(code, expectedCode);
}

/** A data folder that a server has used. */
async function usedFolder(settings: Record<string, string> = {}): Promise<string> {
  const folder = path.join(temporaryFolder(), 'data');
  const server = await start({ COUNTERSIGN_DATA_FOLDER: folder, ...settings });
  assert.equal((await server.stop()).code, 0);
  return folder;
}

test('wrong settings: each is a line that names it, and no value of a secret is shown', async () => {
  const { code, out, error } = await run({
    COUNTERSIGN_PORT: 'many',
    COUNTERSIGN_PUBLIK_URL: 'https://x',
    COUNTERSIGN_SEALING_KEY: '5ecret',
    COUNTERSIGN_TLS: 'files',
  });
  assert.deepEqual([code, out], [10, '']);
  const lines = error.trimEnd().split('\n');
  assert.deepEqual(lines.map((line) => line.split(':')[0]).toSorted(), [
    'COUNTERSIGN_PORT',
    'COUNTERSIGN_PUBLIK_URL',
    'COUNTERSIGN_SEALING_KEY',
    'COUNTERSIGN_TLS',
  ]);
  assert.doesNotMatch(error, /5ecret/);
});

test('a data folder that cannot be made or written', async () => {
  const file = path.join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const sentence = /^The data folder .+ cannot be made or written \(E\w+\): .+ COUNTERSIGN_DATA_FOLDER\./;
  for (const folder of [file, path.join(file, 'data'), '/proc/countersign']) {
    assertSentence(await run({ COUNTERSIGN_DATA_FOLDER: folder }), 11, sentence);
  }
});

test('a database file that is no database', async () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'countersign.db'), 'Dear Marge, '.repeat(100));
  assertSentence(
    await run({ COUNTERSIGN_DATA_FOLDER: folder }),
    12,
    /is no SQLite database: move it away, or restore a backup/,
  );
});

test('a database file that another program keeps locked', async () => {
  const folder = await usedFolder();
  const other = new DatabaseSync(path.join(folder, 'countersign.db'));
  other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  assertSentence(await run({ COUNTERSIGN_DATA_FOLDER: folder }), 12, /is locked by another program: end that one/);
  other.close();
});

test('a PostgreSQL server that is not there', async () => {
  const settings = {
    COUNTERSIGN_DATABASE_URL: 'postgres://hub:5ecret@127.0.0.1:1/hub',
    COUNTERSIGN_SEALING_KEY: key('A'),
    COUNTERSIGN_DATA_FOLDER: path.join(temporaryFolder(), 'data'),
  };
  const ended = await run(settings);
  assertSentence(ended, 12, /^The PostgreSQL server 127\.0\.0\.1:1 does not answer: start it, or check/);
  assert.doesNotMatch(ended.error, /5ecret/);
});

test('a database that a newer version has used', async () => {
  const folder = await usedFolder();
  const database = new DatabaseSync(path.join(folder, 'countersign.db'));
  database.exec("INSERT INTO kysely_migration VALUES ('9999-tomorrow', '2099-01-01')");
  database.close();
  assertSentence(
    await run({ COUNTERSIGN_DATA_FOLDER: folder }),
    13,
    /migration 9999-tomorrow.+ Start the newer version/,
  );
});

test('a sealing key that is not the one of the database', async () => {
  const folder = await usedFolder({ COUNTERSIGN_SEALING_KEY: key('A') });
  const settings = { COUNTERSIGN_DATA_FOLDER: folder, COUNTERSIGN_SEALING_KEY: key('B') };
  assertSentence(await run(settings), 14, /^The sealing key is not the one .+: set COUNTERSIGN_SEALING_KEY/);
});

test('certificate files that are not there, and half of an authority', async () => {
  const folder = path.join(temporaryFolder(), 'data');
  const files = {
    COUNTERSIGN_TLS: 'files',
    COUNTERSIGN_TLS_CERTIFICATE_FILE: '/nowhere.pem',
    COUNTERSIGN_TLS_KEY_FILE: '/nowhere.key',
  };
  assertSentence(
    await run({ COUNTERSIGN_DATA_FOLDER: folder, ...files }),
    15,
    /^\/nowhere\.pem cannot be read \(ENOENT\): check/,
  );
  mkdirSync(path.join(folder, 'tls'));
  assertSentence(
    await run({ COUNTERSIGN_DATA_FOLDER: folder }),
    15,
    /^The certificate authority in .+ is incomplete: restore/,
  );
});

test('a port that is taken, and an address of another machine', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const address = other.address();
  assert.ok(address !== null && typeof address === 'object');
  const folder = path.join(temporaryFolder(), 'data');
  const taken = await run({ COUNTERSIGN_DATA_FOLDER: folder, COUNTERSIGN_PORT: String(address.port) });
  assertSentence(taken, 16, /^Port \d+ at 127\.0\.0\.1 is taken by another program: .+ COUNTERSIGN_PORT\./);
  other.close();
  const foreign = await run({ COUNTERSIGN_DATA_FOLDER: folder, COUNTERSIGN_LISTEN_ADDRESS: '192.0.2.1' });
  assertSentence(foreign, 16, /^192\.0\.2\.1 is no address of this machine: .+ COUNTERSIGN_LISTEN_ADDRESS\./);
});

test('a command that does not exist', async () => {
  assertSentence(await run({}, 'destroy'), 2, /^There is no command destroy: `npm start -- --help` shows them all\./);
});
