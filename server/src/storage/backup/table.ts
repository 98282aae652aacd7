import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import type { Query } from '../engine.ts';

/** A table as it is copied between databases. */
export interface CopiedTable {
  name: string;
  columns: string[];
  /** The columns that order its rows, none of which is null. */
  order: string[];
}

export type Row = Readonly<Record<string, string | number | null>>;

/** Rows that are in memory at the same time. */
const pageSize = 200;

/**
 * Tables that are no part of a backup. The first two tell of running processes. The others hold what is under way and what
 * was handed out to be redeemed: a restored database would accept what was redeemed or taken back since the backup. So
 * everybody signs in anew.
 */
const leftOut = new Set([
  'lease',
  'server_process',
  'sign_in',
  'sign_in_result',
  'one_time_code',
  'outgoing_message',
  'logout_notice',
  'session',
  'session_application',
  'redeemable',
]);

/** Tables whose rows have an order of their own, which matters when they are numbered anew. */
const orders: Readonly<Record<string, string[]>> = { change: ['transaction_id', 'sequence'] };

/** Every table of a migrated SQLite database that is part of a backup. */
export function copiedTables(database: DatabaseSync): CopiedTable[] {
  const names = database
    .prepare(
      `select name from sqlite_schema where type = 'table' and name not like 'sqlite%' and name not like 'kysely%'
       and name <> 'backup_manifest' order by name`,
    )
    .all()
    .map((row) => String(row['name']));
  return names
    .filter((name) => !leftOut.has(name))
    .map((name) => {
      const columns = database.prepare('select name, pk from pragma_table_info(?)').all(name);
      const key = columns.filter((column) => Number(column['pk']) > 0);
      const byPlace = key.toSorted((a, b) => Number(a['pk']) - Number(b['pk']));
      const namesOf = (rows: typeof columns) => rows.map((column) => String(column['name']));
      return { name, columns: namesOf(columns), order: orders[name] ?? namesOf(byPlace) };
    });
}

/** All rows of the table in order, page by page. */
export async function* pagesOf(query: Query, { name, columns, order }: CopiedTable): AsyncGenerator<Row[]> {
  const list = (names: string[]) => sql.join(names.map((column) => sql.ref(column)));
  let after = sql``;
  for (;;) {
    const { rows } = await sql<Row>`
      select ${list(columns)} from ${sql.table(name)} ${after} order by ${list(order)} limit ${pageSize}`.execute(
      query,
    );
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = sql`where (${list(order)}) > (${sql.join(order.map((column) => last[column]))})`;
  }
}

/** Counts and digests the rows of a table, whichever database they are in. */
export interface TableDigest {
  rows: number;
  /** SHA-256 in base64url over each row as a JSON array of its values and a line feed, in the order of the table. */
  digest: string;
}

export class TableDigester {
  readonly #hash = createHash('sha256');
  readonly #columns: string[];
  #rows = 0;

  constructor(table: CopiedTable) {
    this.#columns = table.columns;
  }

  add(rows: readonly Row[]): void {
    for (const row of rows) this.#hash.update(`${JSON.stringify(this.#columns.map((column) => row[column]))}\n`);
    this.#rows += rows.length;
  }

  result(): TableDigest {
    return { rows: this.#rows, digest: this.#hash.digest('base64url') };
  }
}

/** Reads a whole table for its digest. */
export async function digestTable(query: Query, table: CopiedTable): Promise<TableDigest> {
  const digester = new TableDigester(table);
  for await (const rows of pagesOf(query, table)) digester.add(rows);
  return digester.result();
}
