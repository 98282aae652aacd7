/**
 * The embedded engine: Node's own SQLite in WAL mode with full durability. One connection writes, one reads; several
 * processes on one machine may use the same file.
 */
import { sql } from 'kysely';
import type { Columns, Engine, Query } from '../engine.ts';
import { migrate } from '../migrations/index.ts';
import { oneRow, plain, type Statement, statement } from '../statement.ts';
import { connectionOf, SqliteConnection } from './connection.ts';
import { explainSqliteError, openingPatience, whenFree } from './failures.ts';
import { SqliteWriter } from './writer.ts';

/**
 * Opens the file, which is made when it does not exist.
 *
 * @throws DatabaseUnusableError when the file is no SQLite database, is locked or may not be written
 */
export function openSqlite(file: string): Engine {
  try {
    return open(file);
  } catch (error) {
    throw explainSqliteError(file, error);
  }
}

function open(file: string): Engine {
  const writing = new SqliteConnection(file, false);
  // Another process that starts at the same time may hold the lock for a moment; later waits do not block the process.
  writing.database.exec(`PRAGMA busy_timeout = ${openingPatience}`);
  // FULL makes every commit wait for the disk: what was acknowledged survives a power cut.
  writing.database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
  // Pages of the log that go into the file at once. Few would be copied again and again, and many stop a write for long.
  writing.database.exec('PRAGMA wal_autocheckpoint = 4000');
  writing.database.exec('PRAGMA busy_timeout = 0');
  const reading = new SqliteConnection(file, true);
  for (const { database } of [writing, reading]) database.exec('PRAGMA cache_size = -16000; PRAGMA mmap_size = 0;');
  const writer = new SqliteWriter(writing);

  return {
    name: 'sqlite',
    reader: reading.query,
    columns,
    changeOrder: {
      // One writer at a time: the sequence alone is the order in which changes become visible.
      transactionId: plain('0'),
      horizon: async () => Number.MAX_SAFE_INTEGER,
    },
    rowLock: plain(''),
    table: (names, rows) => {
      const [first = []] = rows;
      if (rows.length === 1) return oneRow(names, first, '');
      const cells = names.map((name, index) => `value ->> ${index} as ${name}`).join(', ');
      return statement`(select ${plain(cells)} from json_each(${JSON.stringify(rows)})) t`;
    },
    oneOf: (column, texts) => statement`${plain(column)} in (select value from json_each(${JSON.stringify(texts)}))`,
    run: async <Row>(query: Query, one: Statement) => connectionOf(query).run<Row>(one),
    async writeAll(query, statements) {
      const connection = connectionOf(query);
      return statements.map((one) => Number(connection.run(one).numAffectedRows));
    },
    clock: () => sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
    async examine() {
      const found = reading.database
        .prepare('pragma quick_check(3)')
        .all()
        .map((row) => String(row['quick_check']));
      return found
        .filter((line) => line !== 'ok')
        .map((line) => `The file ${file} is damaged (${line}): restore a backup.`);
    },
    write: (work) => writer.write(work),
    snapshot: (work) => inSnapshot(file, work),
    // AUTOINCREMENT goes on after the greatest number that was ever inserted.
    continueSequence: async () => {},
    lock: async () => {},
    hasTable: async (name) =>
      reading.database.prepare('select 1 from sqlite_schema where name = ?').get(name) !== undefined,
    migrate: (last) => inOwnTransaction(writing, () => migrate(writing.query, columns, last, true)),
    explain: (error) => explainSqliteError(file, error),
    waitingWrites: () => writer.waiting,
    async close() {
      await writer.idle();
      await reading.close();
      await writing.close();
    },
  };
}

const columns: Columns = {
  sequence: sql`integer primary key autoincrement`,
  key: sql`text`,
  clustered: sql`without rowid`,
};

/**
 * Takes the lock before anything is read, so that of processes which start at once one migrates and the others find it
 * done. Kysely's own transaction takes it too late.
 */
async function inOwnTransaction({ database }: SqliteConnection, work: () => Promise<void>): Promise<void> {
  await whenFree(openingPatience, () => database.exec('BEGIN IMMEDIATE'));
  try {
    await work();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** A connection of its own, since a read transaction on the shared one would freeze what everybody sees. */
async function inSnapshot<Result>(file: string, work: (query: Query) => Promise<Result>): Promise<Result> {
  const connection = new SqliteConnection(file, true);
  try {
    connection.database.exec('BEGIN');
    return await work(connection.query);
  } finally {
    connection.database.close();
  }
}
