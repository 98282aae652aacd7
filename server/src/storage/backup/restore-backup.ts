import { randomUUID } from 'node:crypto';
import { feedIdName, feedStartName } from '../change-feed.ts';
import type { Engine, Query } from '../engine.ts';
import { checkUnused } from '../in-use.ts';
import { lastMigrationOf } from '../migrations/index.ts';
import type { Database } from '../schema.ts';
import type { Sealing } from '../sealing.ts';
import { findSealingProof, openSealingProof, sealingProof } from '../sealing-proof.ts';
import { setupSecretPrefix } from '../setup.ts';
import { BackupError, type BackupManifest, type OpenedBackup, openBackup } from './manifest.ts';
import { type CopiedTable, copiedTables, digestTable, pagesOf, type Row } from './table.ts';
import type { Progress } from './write-backup.ts';

/**
 * Puts a backup into an empty database of either engine, which makes it the way from one engine to the other, too. All of
 * it becomes visible at once, or nothing when it is interrupted. A backup of an older version is then brought to the form of
 * this one.
 *
 * The change feed gets a new id, since readers outside may have seen changes that the backup does not know; they start
 * anew. Its changes are numbered anew, because numbers of transactions mean nothing in another database.
 *
 * @throws BackupError when the file cannot be used or the database is not empty
 * @throws SealingKeyError when the secrets in the backup need another sealing key; checked before anything is written
 * @throws DatabaseInUseError
 */
export async function restoreBackup(
  engine: Engine,
  sealing: Sealing,
  file: string,
  progress: Progress = () => {},
): Promise<BackupManifest> {
  const backup = openBackup(file);
  const { manifest, connection } = backup;
  try {
    const proof = await findSealingProof(connection.query);
    if (proof !== undefined) openSealingProof(sealing, proof);
    const tables = copiedTables(connection.database);
    await checkBackup(file, backup, tables);
    await engine.migrate(manifest.migration);
    if ((await lastMigrationOf(engine)) !== manifest.migration) throw notEmpty('a newer form than the backup');
    await engine.write(async (query) => {
      // A server that starts now waits here until everything is there.
      await engine.lock(query, sealingProof);
      await checkUnused(engine, query);
      await checkEmpty(query, tables);
      for (const table of tables) await copyTable(engine, query, table, backup, progress);
    });
    await engine.migrate();
    return manifest;
  } finally {
    connection.database.close();
  }
}

async function checkBackup(file: string, { manifest, connection }: OpenedBackup, tables: CopiedTable[]): Promise<void> {
  try {
    for (const table of tables) await checkDigest(connection.query, table, manifest, `${file} is damaged`);
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(`${file} is damaged and cannot be read to its end. Use another backup.`, { cause: error });
  }
}

/** What a database holds that was only migrated, or started for a moment. */
const inEveryDatabase = new Set(['meta']);

async function checkEmpty(query: Query, tables: CopiedTable[]): Promise<void> {
  for (const table of tables) {
    if (inEveryDatabase.has(table.name)) continue;
    const first = await pagesOf(query, table).next();
    if (!first.done) throw notEmpty(`rows in ${table.name}`);
  }
}

function notEmpty(what: string): BackupError {
  return new BackupError(
    `The database is not empty, it has ${what}: restore into a new one, by another COUNTERSIGN_DATA_FOLDER or COUNTERSIGN_DATABASE_URL.`,
  );
}

async function checkDigest(query: Query, table: CopiedTable, manifest: BackupManifest, what: string): Promise<void> {
  const found = await digestTable(query, table);
  const expected = manifest.tables[table.name];
  if (found.rows === expected?.rows && found.digest === expected.digest) return;
  throw new BackupError(
    `${what}: the table ${table.name} has ${found.rows} rows with another content than the ${expected?.rows ?? 0} that were backed up. Use another backup.`,
  );
}

async function copyTable(
  engine: Engine,
  query: Query,
  table: CopiedTable,
  { manifest, connection }: OpenedBackup,
  progress: Progress,
): Promise<void> {
  // Which tables and columns there are, the backup says.
  const target = table.name as keyof Database;
  const translate = translations[table.name]?.();
  await query.deleteFrom(target).execute();
  let done = 0;
  for await (const rows of pagesOf(connection.query, table)) {
    const values = translate ? rows.map(translate).filter((row) => row !== undefined) : rows;
    if (values.length > 0)
      await query
        .insertInto(target)
        .values(values as never)
        .execute();
    done += rows.length;
    progress(table.name, done);
  }
  if (table.name === 'change') await engine.continueSequence(query, 'change', done + 1);
  if (!translate) await checkDigest(query, table, manifest, 'The copy went wrong');
}

/** What a row is in the other database; undefined when it means nothing there. */
type Translate = (row: Row) => Row | undefined;

/**
 * The tables of which not every row is the same in another database. Changes keep their order in one transaction 0, which
 * is before all that PostgreSQL will ever run, and are numbered from 2; so place 1 is before all of them, and after the
 * beginning for those who have to know that older changes are missing.
 */
const translations: Readonly<Record<string, () => Translate>> = {
  meta: () => (row) => {
    if (row['name'] === feedIdName) return { ...row, value: randomUUID() };
    if (row['name'] === feedStartName) return { ...row, value: JSON.stringify({ transaction: 0, sequence: 1 }) };
    // What works once may have worked since the backup was made.
    return String(row['name']).startsWith(setupSecretPrefix) ? undefined : row;
  },
  change: () => {
    let sequence = 1;
    return (row) => {
      sequence++;
      return { ...row, transaction_id: 0, sequence };
    };
  },
};
