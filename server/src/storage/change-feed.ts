import { sql } from 'kysely';
import type { Change, ChangeCount, ChangeFeed, ChangePosition } from '../directory/index.ts';
import type { Engine, Query } from './engine.ts';
import { type Statement, statement } from './statement.ts';

/** Names in the table `meta`. */
export const feedIdName = 'feed_id';
export const feedStartName = 'feed_start';

const placeName = (reader: string) => `feed_place ${reader}`;

export const beginning: ChangePosition = { transaction: 0, sequence: 0 };

/** The statement that appends to the feed. */
export function insertChanges(
  { changeOrder, table }: Pick<Engine, 'changeOrder' | 'table'>,
  changes: readonly Omit<Change, 'position'>[],
): Statement {
  const rows = changes.map(({ tenantId, at, kind, objectId, verb, detail }) => [
    tenantId,
    String(at.getTime()),
    kind,
    objectId,
    verb,
    detail && JSON.stringify(detail),
  ]);
  const names = ['tenant_id', 'at', 'kind', 'object_id', 'verb', 'detail'];
  return statement`
    insert into change (transaction_id, tenant_id, at, kind, object_id, verb, detail)
    select ${changeOrder.transactionId}, tenant_id, cast(at as bigint), kind, object_id, verb, detail
    from ${table(names, rows)}`;
}

export function changeFeed(query: Query, engine: Pick<Engine, 'changeOrder' | 'table' | 'run'>): ChangeFeed {
  const { changeOrder } = engine;
  const place = sql<number>`(transaction_id, sequence)`;
  const after = ({ transaction, sequence }: ChangePosition) => sql<number>`(${transaction}, ${sequence})`;
  const end = (horizon: number) =>
    query
      .selectFrom('change')
      .select(['transaction_id as transaction', 'sequence'])
      .where('transaction_id', '<', horizon)
      .orderBy('transaction_id', 'desc')
      .orderBy('sequence', 'desc')
      .limit(1);
  const saveMeta = async (name: string, value: string): Promise<void> => {
    await query
      .insertInto('meta')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  };
  const readMeta = async (name: string) =>
    (await query.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst())?.value;
  const start = async (): Promise<ChangePosition> => {
    const kept = await readMeta(feedStartName);
    return kept === undefined ? beginning : JSON.parse(kept);
  };

  return {
    async append(changes) {
      if (changes.length > 0) await engine.run(query, insertChanges(engine, changes));
    },

    async read(position, limit, tenantId, until) {
      let rows = query.selectFrom('change').selectAll().where(place, '>', after(position));
      // Asked first: whatever is below the horizon is visible to the second statement.
      if (until) rows = rows.where(place, '<=', after(until));
      else rows = rows.where('transaction_id', '<', await changeOrder.horizon(query));
      if (tenantId !== undefined) rows = rows.where('tenant_id', '=', tenantId);
      const found = await rows.orderBy('transaction_id').orderBy('sequence').limit(limit).execute();
      return found.map((row) => ({
        tenantId: row.tenant_id,
        at: new Date(row.at),
        kind: row.kind,
        objectId: row.object_id,
        verb: row.verb as Change['verb'],
        detail: row.detail === null ? null : JSON.parse(row.detail),
        position: { transaction: row.transaction_id, sequence: row.sequence },
      }));
    },

    async countAfter(position) {
      const { transaction, sequence } = position;
      // In two parts, since SQLite finds a place by its first number only, which is the same for all of its changes.
      const { rows } = await engine.run<ChangeCount>(
        query,
        statement`
          select tenant_id as "tenantId", kind, cast(count(*) as integer) as count from (
            select tenant_id, kind from change where transaction_id = ${transaction} and sequence > ${sequence}
            union all
            select tenant_id, kind from change where transaction_id > ${transaction}
          ) later group by tenant_id, kind`,
      );
      return rows;
    },

    async end() {
      const last = await end(await changeOrder.horizon(query)).executeTakeFirst();
      return last ?? start();
    },

    start,

    async feedId() {
      const id = await readMeta(feedIdName);
      if (id === undefined) throw new Error('The database has no identity of its change feed: it is not migrated.');
      return id;
    },

    async findPlace(reader) {
      const kept = await readMeta(placeName(reader));
      return kept === undefined ? undefined : JSON.parse(kept);
    },

    keepPlace: (reader, place) => saveMeta(placeName(reader), JSON.stringify(place)),

    async prune(before) {
      const last = await end(await changeOrder.horizon(query))
        .where('at', '<', before.getTime())
        .executeTakeFirst();
      if (last === undefined) return;
      await query.deleteFrom('change').where(place, '<=', after(last)).execute();
      await saveMeta(feedStartName, JSON.stringify(last));
    },
  };
}
