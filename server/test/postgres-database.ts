// Databases on the PostgreSQL servers that `npm test` starts.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Any number: the lock of whoever has a server for itself. */
const laneLock = 7_311;

let server: Promise<string> | undefined;

/** Makes an empty database, on the server that this process has for itself. */
export async function createPostgresDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  server ??= takeServer((process.env['COUNTERSIGN_TEST_POSTGRES_URL'] ?? '').split(' ').filter(Boolean));
  const lane = await server;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const run = async (statement: string) => {
    const client = new pg.Client(lane);
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await run(`create database ${name}`);
  const url = new URL(lane);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`drop database ${name} with (force)`) };
}

/**
 * The first server that no other process of tests has, until this one ends. Transactions of another file, of which the change
 * feed cannot tell at once where they belong, would keep this one waiting for its own changes.
 */
async function takeServer(urls: readonly string[]): Promise<string> {
  if (urls.length === 0) {
    throw new Error('No PostgreSQL for the tests: run them by `npm test -- <file>`, which starts one.');
  }
  for (;;) {
    for (const url of urls) if (await take(url)) return url;
    await pause(100);
  }
}

async function take(url: string): Promise<boolean> {
  const client = new pg.Client(url);
  // The server is stopped, or gone: whoever runs a statement on it will say so.
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query('select pg_try_advisory_lock($1) as taken', [laneLock]);
  if (!rows[0].taken) await client.end();
  // The types leave out that a connection need not keep the process alive.
  else (client as pg.Client & { unref(): void }).unref();
  return rows[0].taken;
}
