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
 * sends the beginning of a transaction together with the first statement in it; and that tells a server out of reach from a
 * failed query.
 */
class ThriftyClient extends pg.Client {
  /** The answer to a beginning on which nobody waits yet. A server that refuses one (it is full, it stops) closes. */
  #begun: Promise<pg.QueryResult> | undefined;

  // The many overloads of `query` are only narrowed here: Kysely calls it with text and values.
  override query = ((text: unknown, values?: unknown[], ...more: unknown[]) => {
    const query = pg.Client.prototype.query.bind(this) as (...parameters: unknown[]) => Promise<pg.QueryResult>;
    if (typeof text !== 'string') return query(text, values, ...more);
    if (text.startsWith('start transaction')) {
      this.#begun = query(text);
      this.#begun.catch(() => {});
      return Promise.resolve(nothing);
    }
    const name = values && values.length > 0 ? statementName(text) : undefined;
    const result = name === undefined ? query(text, values, ...more) : query({ name, text, values }, ...more);
    const begun = this.#begun;
    this.#begun = undefined;
    return (begun ? Promise.all([begun, result]).then(([, answer]) => answer) : result).catch(rethrow);
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
