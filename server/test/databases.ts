// Runs a suite on a fresh database of each engine.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import type { OpenedDatabase } from '../src/storage/conformance/database.ts';
import { type Engine, openPostgres, openSqlite, openStorage, sealingWith } from '../src/storage/index.ts';
import { createPostgresDatabase } from './postgres-database.ts';

/** Seals with a key that every test knows. */
export const testSealing = sealingWith('A'.repeat(43));

/** Registers the suite twice: on SQLite and on PostgreSQL, each with an empty, migrated database of its own. */
export function onEachDatabase(suite: (database: OpenedDatabase) => void): void {
  for (const [name, open] of [
    ['SQLite', openTestSqlite],
    ['PostgreSQL', openTestPostgres],
  ] as const) {
    describe(name, () => {
      const database = {} as OpenedDatabase;
      let drop: () => Promise<void>;
      before(async () => {
        const opened = await open();
        drop = opened.drop;
        await opened.engine.migrate();
        Object.assign(database, { engine: opened.engine, storage: openStorage(opened.engine, testSealing) });
      });
      after(async () => {
        await database.engine?.close();
        await drop?.();
      });
      suite(lazily(database));
    });
  }
}

/** The suite takes its parts before the database is open, so they are looked up when they are used. */
function lazily(database: OpenedDatabase): OpenedDatabase {
  const part = <Name extends keyof OpenedDatabase>(name: Name) =>
    new Proxy({} as OpenedDatabase[Name], { get: (_, property) => Reflect.get(database[name], property) });
  return { engine: part('engine'), storage: part('storage') };
}

export interface TestDatabase {
  engine: Engine;
  drop(): Promise<void>;
}

/** An empty SQLite database in a folder of its own. */
export async function openTestSqlite(): Promise<TestDatabase> {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-sqlite-'));
  return {
    engine: openSqlite(path.join(folder, 'countersign.db')),
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** An empty database on a PostgreSQL server of the tests. */
export async function openTestPostgres(): Promise<TestDatabase> {
  const { url, drop } = await createPostgresDatabase();
  return { engine: openPostgres(url, 10, () => {}), drop };
}
