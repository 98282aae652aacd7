import { sql } from 'kysely';
import type { Query } from '../engine.ts';

/**
 * Number of the oldest transaction that may still append to this database's change feed, or one below it.
 *
 * The server numbers transactions of all its databases, and a snapshot tells those that run. One that holds a lock on
 * something in another database is left out, since no transaction touches two; whatever holds no lock that tells, or was
 * not found among the locks any more, counts. Locks are looked at after the snapshot, and told apart by the virtual
 * transaction, which is never used again. Prepared transactions, which have no process, count everywhere.
 */
export async function changeHorizon(query: Query): Promise<number> {
  // A parameter, since statements that have one are planned once.
  const locktype = 'transactionid';
  const { rows } = await sql<{ horizon: number }>`
    with held as materialized (
      select virtualtransaction, locktype, transactionid, database from pg_locks where granted and pid is not null
    )
    select least(
      coalesce(min(running::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint),
      pg_current_xact_id_if_assigned()::text::bigint
    ) as horizon
    from pg_snapshot_xip(pg_current_snapshot()) as running
    where not exists (
      select from held as own join held as elsewhere using (virtualtransaction)
      where own.locktype = ${locktype} and own.transactionid = running::xid
        and elsewhere.database not in (0, (select oid from pg_database where datname = current_database()))
    )`.execute(query);
  return rows[0]?.horizon ?? 0;
}
