import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { Engine } from '../../src/storage/index.ts';
import { migrationNames } from '../../src/storage/migrations/index.ts';
import { openTestPostgres, openTestSqlite, type TestDatabase } from '../databases.ts';

/** Everything that makes up the form of a database, in words that do not depend on how it came to be. */
const dumps = {
  SQLite: sql<object>`select type, name, tbl_name, sql from sqlite_schema order by type, name`,
  PostgreSQL: sql<object>`
    select 'column' as type, table_name, column_name as name,
      concat_ws(' ', data_type, collation_name, is_nullable, column_default, is_identity) as definition
    from information_schema.columns where table_schema = 'public'
    union all
    select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace
    union all
    select 'index', tablename, indexname, indexdef from pg_indexes where schemaname = 'public'
    order by 1, 2, 3`,
};

const openers: Record<keyof typeof dumps, () => Promise<TestDatabase>> = {
  SQLite: openTestSqlite,
  PostgreSQL: openTestPostgres,
};

for (const name of ['SQLite', 'PostgreSQL'] as const) {
  test(`${name}: a database that went through every migration on its own equals a fresh one`, async () => {
    const formAfter = async (migrate: (engine: Engine) => Promise<void>) => {
      const { engine, drop } = await openers[name]();
      await migrate(engine);
      const { rows } = await dumps[name].execute(engine.reader);
      await engine.close();
      await drop();
      return rows;
    };
    const fresh = await formAfter((engine) => engine.migrate());
    const migrated = await formAfter(async (engine) => {
      for (const last of migrationNames) await engine.migrate(last);
    });
    assert.ok(fresh.length > 40);
    assert.deepEqual(migrated, fresh);
  });
}

test('a migration that databases out there have been through never changes: what is new needs a migration of its own', () => {
  const file = path.join(import.meta.dirname, 'released-migrations.json');
  const released: Record<string, string> = JSON.parse(readFileSync(file, 'utf8'));
  const folder = path.resolve(import.meta.dirname, '../../src/storage/migrations');
  const found = Object.keys(released).map((name) => {
    const text = readFileSync(path.join(folder, `${name}.ts`));
    return [name, createHash('sha256').update(text).digest('hex')];
  });
  assert.deepEqual(Object.fromEntries(found), released);
  assert.deepEqual(migrationNames.slice(0, found.length), Object.keys(released), 'nor does their order');
});
