/**
 * The one list of migrations, for both engines: numbered, append-only, written with Kysely's schema builder. A database
 * that went through all of them equals a fresh one, and a test proves it.
 */
import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Columns, Engine, Query } from '../engine.ts';
import { foundation } from './0001-foundation.ts';
import { signIn } from './0002-sign-in.ts';
import { redeemable } from './0003-redeemable.ts';
import { people } from './0004-people.ts';
import { signInAdministration } from './0005-sign-in-administration.ts';
import { scimToken } from './0006-scim-token.ts';
import { provisioning } from './0007-provisioning.ts';
import { logout } from './0008-logout.ts';
import { applicationHome } from './0009-application-home.ts';
import { relyingParty } from './0010-relying-party.ts';
import { upstreamProvider } from './0012-upstream-provider.ts';
import { participation } from './0013-participation.ts';
import { signInTrace } from './0013-sign-in-trace.ts';
import { uncertainMembers } from './0014-uncertain-members.ts';
import { clientRegistration } from './0016-client-registration.ts';

const migrations: Record<string, (db: Kysely<unknown>, columns: Columns) => Promise<void>> = {
  '0001-foundation': foundation,
  '0002-sign-in': signIn,
  '0003-redeemable': redeemable,
  '0004-people': people,
  '0005-sign-in-administration': signInAdministration,
  '0006-scim-token': scimToken,
  '0007-provisioning': provisioning,
  '0008-logout': logout,
  '0009-application-home': applicationHome,
  '0010-relying-party': relyingParty,
  '0012-upstream-provider': upstreamProvider,
  '0013-participation': participation,
  '0013-sign-in-trace': signInTrace,
  '0014-uncertain-members': uncertainMembers,
  '0016-client-registration': clientRegistration,
};

/** All of them, in order. */
export const migrationNames = Object.keys(migrations);

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
  const migrator = migratorOf(query, columns);
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
export async function lastMigrationOf(engine: Pick<Engine, 'reader' | 'columns'>): Promise<string | undefined> {
  const known = await migratorOf(engine.reader, engine.columns).getMigrations();
  return known.findLast(({ executedAt }) => executedAt !== undefined)?.name;
}

/** How the form of a database stands to the one that this program uses. `older` also says that it has none yet. */
export async function formOf(engine: Pick<Engine, 'reader' | 'columns'>): Promise<'current' | 'older' | 'newer'> {
  if ((await lastMigrationOf(engine)) !== migrationNames.at(-1)) return 'older';
  const executed = await sql<{ name: string }>`select name from kysely_migration`.execute(engine.reader);
  return executed.rows.every(({ name }) => migrationNames.includes(name)) ? 'current' : 'newer';
}

function migratorOf(query: Query, columns: Columns): Migrator {
  // A migration must not lean on the tables' types: they describe the newest form only.
  const db = query as unknown as Kysely<unknown>;
  const known: Record<string, Migration> = {};
  for (const [name, up] of Object.entries(migrations)) known[name] = { up: (transaction) => up(transaction, columns) };
  return new Migrator({ db, provider: { getMigrations: async () => known } });
}
