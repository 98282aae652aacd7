import type { ServerProcess } from '../jobs/index.ts';
import type { Engine, Query } from './engine.ts';
import { formOf } from './migrations/index.ts';
import { processRegister } from './processes.ts';

/** Other processes use the database, and what was asked for would pull it from under them. */
export class DatabaseInUseError extends Error {
  override readonly name = 'DatabaseInUseError';
}

/**
 * Makes sure that nobody uses the database which is about to be replaced or brought to another form.
 *
 * @throws DatabaseInUseError which names each process
 */
export async function checkUnused(engine: Engine, query: Query): Promise<void> {
  const alive = await processRegister(engine, query).listAlive();
  if (alive.length === 0) return;
  throw new DatabaseInUseError(
    `The database is in use by ${alive.map(nameOf).join(', ')}: stop it first. A process that was killed is forgotten after half a minute.`,
  );
}

/**
 * Brings the database to the form that this program uses, unless that would pull it from under running processes of another
 * version.
 *
 * @throws DatabaseInUseError, DatabaseTooNewError
 */
export async function upgrade(engine: Engine): Promise<void> {
  const form = await formOf(engine);
  if (form === 'current') return;
  if (form === 'older' && (await engine.hasTable('server_process'))) await checkUnused(engine, engine.reader);
  await engine.migrate();
}

function nameOf({ version, host, pid, startedAt }: ServerProcess): string {
  return `countersign ${version} at ${host} (process ${pid}, since ${startedAt.toISOString()})`;
}
