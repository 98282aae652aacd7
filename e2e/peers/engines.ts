// A hub on either engine: SQLite in its data folder, or a database of its own on a PostgreSQL that `npm test` starts.
import { createPostgresDatabase } from '../../server/test/postgres-database.ts';
import { type RunningHub, startHub } from './running-hub.ts';

export const engines = ['SQLite', 'PostgreSQL'] as const;
export type Engine = (typeof engines)[number];

/**
 * Starts a hub with an empty database, which goes when the hub is stopped.
 *
 * @param given  further variables of its environment
 */
export async function startHubOn(engine: Engine, given: Record<string, string> = {}): Promise<RunningHub> {
  if (engine === 'SQLite') return startHub(undefined, given);
  const database = await createPostgresDatabase();
  const variables = { COUNTERSIGN_DATABASE_URL: database.url, COUNTERSIGN_SEALING_KEY: 'A'.repeat(43) };
  const hub = await startHub(undefined, { ...given, ...variables });
  return {
    ...hub,
    async stop() {
      await hub.stop();
      await database.drop();
    },
  };
}
