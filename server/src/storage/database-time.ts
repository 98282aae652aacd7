import { sql } from 'kysely';
import type { Engine } from './engine.ts';

/** What the database's clock says. */
export async function databaseTime(engine: Engine): Promise<Date> {
  const { rows } = await sql<{ now: number }>`select ${engine.clock()} as now`.execute(engine.reader);
  return new Date(rows[0]?.now ?? Number.NaN);
}
