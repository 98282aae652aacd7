import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import { TemporaryFailure } from '../../src/refusal.ts';
import { DatabaseUnusableError, openPostgres, openSqlite, openStorage, sealingWith } from '../../src/storage/index.ts';
import { createPostgresDatabase } from '../postgres-database.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'countersign-unusable-'));
after(() => rmSync(folder, { recursive: true }));

describe('SQLite', () => {
  test('a file that is something else, a folder in its place and a missing folder are told in one sentence', () => {
    const file = path.join(folder, 'text.db');
    writeFileSync(
      file,
      'This is a letter and no database, and it is long enough to have a header of a hundred bytes. '.repeat(9),
    );
    mkdirSync(path.join(folder, 'folder.db'));
    const table: [string, RegExp][] = [
      ['text.db', /text\.db is no SQLite database: move it away, or restore a backup in its place\.$/],
      ['folder.db', /folder\.db cannot be opened: check that/],
      ['nowhere/x.db', /x\.db cannot be opened: check that the data folder is there/],
    ];
    for (const [name, message] of table) {
      assert.throws(() => openSqlite(path.join(folder, name)), { name: 'DatabaseUnusableError', message });
    }
  });

  test('a moment’s lock of another program is waited for', async () => {
    const file = path.join(folder, 'moment.db');
    await openSqlite(file).close();
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const engine = openSqlite(file);
    const migrated = engine.migrate();
    setImmediate(() => other.exec('COMMIT'));
    await migrated;
    await engine.close();
    other.close();
  });
});

describe('PostgreSQL', async () => {
  const opened = (url: string) => openPostgres(url, 2, () => {});
  const nobody = `postgres://u:5ecret@127.0.0.1:${await closedPort()}/x`;

  test('a server that is away and a missing database are told in one sentence, without the password', async () => {
    const { url, drop } = await createPostgresDatabase();
    const missing = new URL(url);
    missing.pathname = '/nowhere';
    const table: [string, RegExp][] = [
      [nobody, /^The PostgreSQL server 127\.0\.0\.1:\d+ does not answer: start it, or check the address in/],
      [missing.href, /has no database of that name: create it/],
    ];
    for (const [address, message] of table) {
      const engine = opened(address);
      const error = engine.explain(await engine.migrate().catch((failure) => failure));
      assert.ok(error instanceof DatabaseUnusableError);
      assert.match(error.message, message);
      await engine.close();
    }
    await drop();
  });

  test('a server that is away while it is asked is a temporary failure', async () => {
    const storage = openStorage(opened(nobody), sealingWith('A'.repeat(43)));
    await assert.rejects(storage.check(), TemporaryFailure);
    await assert.rejects(
      storage.write((stores) => stores.setup.finish(new Date())),
      TemporaryFailure,
    );
    await storage.close();
  });
});

async function closedPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}
