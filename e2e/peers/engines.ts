// A hub on either engine: SQLite in its data folder, or a database of its own on the PostgreSQL that `npm test` starts.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
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
  const database = await createDatabase();
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

async function createDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = process.env['COUNTERSIGN_TEST_POSTGRES_URL'];
  if (!server) throw new Error('No PostgreSQL for the tests: run them by `npm test -- <file>`, which starts one.');
  const name = `e2e_${randomUUID().replaceAll('-', '')}`;
  const run = async (statement: string) => {
    const client = new pg.Client(server);
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await run(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`drop database ${name} with (force)`) };
}
