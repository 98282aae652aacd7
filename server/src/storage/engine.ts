import type { Kysely, QueryResult, RawBuilder } from 'kysely';
import type { Database } from './schema.ts';
import type { Statement } from './statement.ts';

/** A handle on which queries run: outside a transaction for reading, inside one for writing. */
export type Query = Kysely<Database>;

/** All that differs between SQLite and PostgreSQL. One implementation per engine, in the folder of its name. */
export interface Engine {
  readonly name: 'sqlite' | 'postgres';
  /** Reads what is committed. Each statement sees its own snapshot. */
  readonly reader: Query;
  readonly columns: Columns;
  readonly changeOrder: ChangeOrder;
  /** Ends a select of rows that are about to be changed: others who want to change them wait. */
  readonly rowLock: Statement;

  /**
   * A table named `t` of these columns, all of type text, for use after `from`. Its rows are parameters, so that one
   * statement serves any number of rows.
   */
  table(columns: readonly string[], rows: readonly (readonly (string | null)[])[]): Statement;

  /**
   * The condition that a column has one of these texts, as a parameter. Best beside joins with `table` too: it is how
   * PostgreSQL sees, also in a table without statistics, that an index leads to few rows.
   */
  oneOf(column: string, texts: readonly string[]): Statement;

  run<Row>(query: Query, statement: Statement): Promise<QueryResult<Row>>;

  /**
   * Runs inserts and updates that do not depend on each other, in as few round trips as the engine can.
   *
   * @returns how many rows each of them wrote
   */
  writeAll(query: Query, statements: readonly Statement[]): Promise<number[]>;

  /**
   * Runs the work in one transaction and resolves when its writes are durable. On PostgreSQL the work is run again
   * after a deadlock, so it must have no effects but its writes. The work must not wait for anything slow: on SQLite
   * there is one writer.
   *
   * @throws TemporaryFailure when the database is away or stays locked by another program.
   */
  write<Result>(work: (query: Query) => Promise<Result>): Promise<Result>;

  /** The database's clock in milliseconds since the epoch: one for all processes, whatever their own clocks say. */
  clock(): RawBuilder<number>;

  /** Looks for damage, and for settings of the server that make acknowledged writes unsafe: a sentence for each. */
  examine(): Promise<string[]>;

  /** Runs the work on one unchanging snapshot of everything that is committed now. */
  snapshot<Result>(work: (query: Query) => Promise<Result>): Promise<Result>;

  /** Lets the numbers of a `sequence` column go on after this one. */
  continueSequence(query: Query, table: 'change', after: number): Promise<void>;

  /**
   * Makes others wait who lock one of the same names, until the transaction of `query` ends. Several are locked in the order
   * in which they are given. SQLite has one writer anyway.
   */
  lock(query: Query, ...names: string[]): Promise<void>;

  hasTable(name: string): Promise<boolean>;

  /**
   * Runs every migration that the database has not seen; up to `last` only, in tests of what follows it.
   *
   * @throws DatabaseTooNewError
   */
  migrate(last?: string): Promise<void>;

  /**
   * What an error means for whoever starts the program: a DatabaseUnusableError when the database or the way to it is to
   * blame; every other error itself.
   */
  explain(error: unknown): unknown;

  /** How many writes (on PostgreSQL: how many queries) wait for their turn. */
  waitingWrites(): number;

  close(): Promise<void>;
}

/** Column types that the engines spell differently. */
export interface Columns {
  /** A number that grows with each row. */
  sequence: RawBuilder<unknown>;
  /** Text that compares by its bytes, so that prefixes are ranges of an index. */
  key: RawBuilder<unknown>;
  /** Text after a primary key that spares SQLite a second tree; nothing on PostgreSQL. */
  clustered: RawBuilder<unknown>;
}

/** How a reader of the change feed knows that nothing older can still appear. */
export interface ChangeOrder {
  /** Number of the running transaction, which orders changes before their sequence. */
  readonly transactionId: Statement;
  /**
   * Changes of this transaction number and later ones may still have company that is not visible yet. Those before it
   * never have; but another time the number may be lower, when the engine knows less.
   */
  horizon(query: Query): Promise<number>;
}
