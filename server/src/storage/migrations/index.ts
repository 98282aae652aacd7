/**
 * The one list of migrations, for both engines: numbered, append-only, written with Kysely's schema builder. A database
 * that went through all of them equals a fresh one, and a test proves it.
 */
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Columns, Engine, Query } from '../engine.ts';
import { migrationNames } from './names.ts';

export { migrationNames };

/** The database was written by a newer version of the program, which may mean things by it that this one cannot know. */
export class DatabaseTooNewError extends Error {
  override readonly name = 'DatabaseTooNewError';
}

/**
 * Brings a database to the newest form. Several processes may call it at once; one works and the others wait.
 *
 * @param last  stops after this migration (in tests of what follows it)
 * @param isInTransaction  whether the caller has begun one, which it commits
 * @throws DatabaseTooNewError when the database knows migrations that this program does not.
 */
export async function migrate(
  query: Query,
  columns: Columns,
  last: string | undefined,
  isInTransaction: boolean,
): Promise<void> {
  const migrator = await migratorOf(query, columns);
  const options = { disableTransactions: isInTransaction };
  const { error } = await (last === undefined ? migrator.migrateToLatest(options) : migrator.migrateTo(last, options));
  if (error === undefined) return;
  const unknown = /previously executed migration (\S+) is missing/.exec(String(error))?.[1];
  if (unknown === undefined) throw error;
  throw new DatabaseTooNewError(
    `The database went through the migration ${unknown}, which this version does not have. Start the newer version, or restore a backup that this version made.`,
  );
}

/** The last migration that the database went through, which names its form; undefined when it is new. */
export async function lastMigrationOf(engine: Engine): Promise<string | undefined> {
  const executed = await executedMigrations(engine);
  return migrationNames.findLast((name) => executed.includes(name));
}

/** How the form of a database stands to the one that this program uses. `older` also says that it has none yet. */
export async function formOf(engine: Engine): Promise<'current' | 'older' | 'newer'> {
  const executed = await executedMigrations(engine);
  if (!executed.every((name) => migrationNames.includes(name))) return 'newer';
  return executed.length === migrationNames.length ? 'current' : 'older';
}

async function executedMigrations(engine: Engine): Promise<string[]> {
  if (!(await engine.hasTable('kysely_migration'))) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(engine.reader);
  return rows.map(({ name }) => name);
}

async function migratorOf(query: Query, columns: Columns) {
  const [{ Migrator }, { migrations }] = await Promise.all([import('kysely/migration'), import('./migrations.ts')]);
  // A migration must not lean on the tables' types: they describe the newest form only.
  const db = query as unknown as Kysely<unknown>;
  const known: Record<string, Migration> = {};
  for (const [name, up] of Object.entries(migrations)) known[name] = { up: (transaction) => up(transaction, columns) };
  return new Migrator({ db, provider: { getMigrations: async () => known } });
}
