// A hub in demo mode with its sample applications, on either engine.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import pg from 'pg';
import { startHub } from '../peers/running-hub.ts';

export interface DemoHub {
  /** Such as `https://localhost:12345`. */
  origin: string;
  /** Address of the insurance company's web application. */
  web: string;
  stop(): Promise<void>;
}

export type Engine = 'SQLite' | 'PostgreSQL';

/** Starts a hub with an empty database. Its samples may need a moment more. */
export async function startDemoHub(engine: Engine): Promise<DemoHub> {
  const database = engine === 'PostgreSQL' ? await createDatabase() : undefined;
  const [web, api] = [await freePort(), await freePort()];
  const hub = await startHub(undefined, {
    COUNTERSIGN_DEMO: 'true',
    COUNTERSIGN_SAMPLE_WEB_PORT: String(web),
    COUNTERSIGN_SAMPLE_API_PORT: String(api),
    ...(database && { COUNTERSIGN_DATABASE_URL: database.url, COUNTERSIGN_SEALING_KEY: 'A'.repeat(43) }),
  });
  return {
    origin: hub.origin,
    web: `http://localhost:${web}`,
    async stop() {
      await hub.stop();
      await database?.drop();
    },
  };
}

/** A database on the server that `npm test` started. */
async function createDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = process.env['COUNTERSIGN_TEST_POSTGRES_URL'];
  if (!server) throw new Error('No PostgreSQL for the tests: run them by `npm test -- <file>`, which starts one.');
  const name = `journey_${randomUUID().replaceAll('-', '')}`;
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

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port was found.');
  return address.port;
}
