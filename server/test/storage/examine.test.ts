import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { sql } from 'kysely';
import { openPostgres, openSqlite } from '../../src/storage/index.ts';
import { onEachDatabase } from '../databases.ts';
import { createPostgresDatabase } from '../postgres-database.ts';

onEachDatabase(({ engine }) => {
  test('nothing is wrong with a sound database', async () => {
    assert.deepEqual(await engine.examine(), []);
  });
});

test('SQLite: damage is found', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-examine-'));
  const file = path.join(folder, 'countersign.db');
  const engine = openSqlite(file);
  await engine.migrate();
  const rows = Array.from({ length: 200 }, (_, index) => ({ name: `name ${index}`, value: 'x'.repeat(500) }));
  await engine.write((query) => query.insertInto('meta').values(rows).execute());
  await engine.close();
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xff, bytes.length - 40_000, bytes.length - 20_000));
  const damaged = openSqlite(file);
  assert.match(String(await damaged.examine()), /is damaged .*: restore a backup/s);
  await damaged.close();
  rmSync(folder, { recursive: true });
});

test('PostgreSQL: a server that acknowledges before it has written is found', async () => {
  const { url, drop } = await createPostgresDatabase();
  const engine = openPostgres(url, 1, () => {});
  await sql`set synchronous_commit = off`.execute(engine.reader);
  assert.match(String(await engine.examine()), /set synchronous_commit to on/);
  await engine.close();
  await drop();
});
