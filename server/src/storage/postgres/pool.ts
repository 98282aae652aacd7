import { createHash } from 'node:crypto';
import pg from 'pg';
import { rethrow } from './failures.ts';

/** Most statements that are named. Rarer ones beyond it are planned each time, so that no connection fills up. */
const mostNames = 1000;
const names = new Map<string, string>();

/**
 * The name under which the server keeps a statement's plan: a hash of its text. Undefined when there are already too many.
 */
function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known || names.size >= mostNames) return known;
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 32);
  names.set(text, name);
  return name;
}

type QueryText = (text: string, values?: unknown[]) => Promise<pg.QueryResult>;

/**
 * A client that names every parameterized statement, so that the server parses and plans it once per connection; that
 * sends the beginning of a transaction in one piece with the first statement in it; and that tells a server out of reach from a
 * failed query.
 */
class ThriftyClient extends pg.Client {
  /** The beginning of a transaction that waits for the first statement in it. */
  #beginning: string | undefined;

  // The many overloads of `query` are only narrowed here: Kysely calls it with text and values.
  override query = ((text: unknown, values?: unknown[], ...more: unknown[]) => {
    const query = pg.Client.prototype.query.bind(this) as (...parameters: unknown[]) => Promise<pg.QueryResult>;
    if (typeof text !== 'string') return query(text, values, ...more);
    if (text.startsWith('start transaction')) {
      this.#beginning = text;
      return Promise.resolve(nothing);
    }
    const name = values && values.length > 0 ? statementName(text) : undefined;
    const send = () => (name === undefined ? query(text, values, ...more) : query({ name, text, values }, ...more));
    const beginning = this.#beginning;
    if (beginning === undefined) return send().catch(rethrow);
    this.#beginning = undefined;
    const { stream } = this.connection;
    stream.cork();
    const both = Promise.all([query(beginning), send()]);
    stream.uncork();
    return both.then(([, answer]) => answer).catch(rethrow);
  }) as QueryText as pg.Client['query'];
}

const nothing = { command: '', rowCount: 0, oid: 0, fields: [], rows: [] };

/**
 * A pool of connections. Numbers of 64 bits are read as JavaScript numbers: ours stay below 2^53.
 *
 * @param onConnectionLost  told of connections that ended by themselves
 */
export function openPool(url: string, size: number, onConnectionLost: (error: Error) => void): pg.Pool {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    types,
    Client: ThriftyClient,
    pipeline: true,
    application_name: 'countersign',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // The pool listens only while a connection rests, and an error that nobody listens to ends the process.
  pool.on('connect', (client) => client.on('error', onConnectionLost));
  return pool.on('error', () => {});
}
