import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, type QueryResult, SqliteDialect, type SqliteStatement } from 'kysely';
import type { Query } from '../engine.ts';
import type { Database } from '../schema.ts';
import type { Statement } from '../statement.ts';

/** Most prepared statements that one connection keeps. */
const mostStatements = 500;

const connections = new WeakMap<Query, SqliteConnection>();

/** The connection on which a handle runs its queries. */
export function connectionOf(query: Query): SqliteConnection {
  const connection = connections.get(query);
  if (!connection) throw new Error('The query belongs to no connection.');
  return connection;
}

/** One connection to an SQLite file, with its statements prepared once, and Kysely on top of it. */
export class SqliteConnection {
  readonly database: DatabaseSync;
  readonly query: Kysely<Database>;
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(file: string, readOnly: boolean) {
    this.database = new DatabaseSync(file, { readOnly, timeout: 0 });
    this.query = new Kysely<Database>({
      dialect: new SqliteDialect({
        database: { prepare: (sql) => this.#prepare(sql), close: () => this.database.close() },
      }),
    });
    connections.set(this.query, this);
  }

  async close(): Promise<void> {
    await this.query.destroy();
    // Kysely closes only what it has used.
    if (this.database.isOpen) this.database.close();
  }

  /** Runs a statement without parameters or rows at once. */
  execute(sql: string): void {
    this.#prepare(sql).run([]);
  }

  /** Runs a statement at once. Kysely's way to it costs as much as a read by key. */
  run<Row>({ texts, values }: Statement): QueryResult<Row> {
    const prepared = this.#prepare(texts.join('?'));
    if (prepared.reader) return { rows: prepared.all(values) as Row[] };
    return { rows: [], numAffectedRows: BigInt(prepared.run(values).changes) };
  }

  #prepare(sql: string): SqliteStatement {
    const kept = this.#statements.get(sql);
    if (kept) return kept;
    const statement = forKysely(this.database.prepare(sql));
    this.#statements.set(sql, statement);
    if (this.#statements.size > mostStatements) {
      const [oldest = ''] = this.#statements.keys();
      this.#statements.delete(oldest);
    }
    return statement;
  }
}

function forKysely(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
