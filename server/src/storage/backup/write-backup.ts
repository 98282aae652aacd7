import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Engine, Query } from '../engine.ts';
import { lastMigrationOf } from '../migrations/index.ts';
import { openSqlite } from '../sqlite/index.ts';
import { syncPath } from '../sync-path.ts';
import { BackupError, type BackupManifest, writeManifest } from './manifest.ts';
import { type CopiedTable, copiedTables, pagesOf, type TableDigest, TableDigester } from './table.ts';

/** Told after each page of how many rows of a table are done. */
export type Progress = (table: string, rows: number) => void;

/**
 * Writes everything that is committed now into one new file, an SQLite database with a manifest, from either engine and
 * while servers run. Needs memory for one page of rows. The file appears under its name only when it is complete.
 *
 * @param version  of the program
 * @throws BackupError when there is a file of that name, or nothing to back up
 */
export async function writeBackup(
  engine: Engine,
  file: string,
  version: string,
  now: Date,
  progress: Progress = () => {},
): Promise<BackupManifest> {
  if (existsSync(file))
    throw new BackupError(`${file} exists already: name a new file, since no backup is overwritten.`);
  const migration = await lastMigrationOf(engine);
  if (migration === undefined) throw new BackupError('The database is new: there is nothing to back up.');
  const folder = path.dirname(file);
  const draft = path.join(folder, `.${path.basename(file)}-${randomUUID()}`);
  try {
    // It holds password hashes and sealed keys, so it is readable for its owner only.
    closeSync(openSync(draft, 'wx', 0o600));
    const tables = await fill(engine, draft, migration, progress);
    const manifest = { format: 1, version, migration, madeAt: now.toISOString(), tables } as const;
    writeManifest(draft, manifest);
    syncPath(draft);
    renameSync(draft, file);
    syncPath(folder);
    return manifest;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

async function fill(
  engine: Engine,
  file: string,
  migration: string,
  progress: Progress,
): Promise<BackupManifest['tables']> {
  const database = await openEmpty(file, migration);
  const tables: BackupManifest['tables'] = {};
  try {
    await engine.snapshot(async (query) => {
      for (const table of copiedTables(database))
        tables[table.name] = await copyTable(query, table, database, progress);
    });
    database.exec('commit');
    return tables;
  } finally {
    database.close();
  }
}

/** A database of the same form without rows, in a transaction, and without a journal: an unfinished file is thrown away. */
async function openEmpty(file: string, migration: string): Promise<DatabaseSync> {
  const engine = openSqlite(file);
  await engine.migrate(migration);
  await engine.close();
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = delete; pragma journal_mode = off; pragma synchronous = off; begin');
  return database;
}

async function copyTable(
  query: Query,
  table: CopiedTable,
  database: DatabaseSync,
  progress: Progress,
): Promise<TableDigest> {
  const { name, columns } = table;
  // Migrations have put rows into the empty database, too.
  database.exec(`delete from "${name}"`);
  const places = columns.map(() => '?').join();
  const insert = database.prepare(
    `insert into "${name}" (${columns.map((column) => `"${column}"`).join()}) values (${places})`,
  );
  const digester = new TableDigester(table);
  let done = 0;
  for await (const rows of pagesOf(query, table)) {
    for (const row of rows) insert.run(...columns.map((column) => row[column] ?? null));
    digester.add(rows);
    done += rows.length;
    progress(name, done);
    // SQLite answers at once, so without this nobody else would get a turn.
    await nextTurn();
  }
  return digester.result();
}
