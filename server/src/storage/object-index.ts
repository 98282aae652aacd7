import { type RawBuilder, sql } from 'kysely';
import type { DirectoryObject } from '../directory/index.ts';
import type { Engine, Query } from './engine.ts';
import { refuse } from './errors.ts';
import type { IndexRows, NameRow } from './index-rows.ts';

/** Keeps the rows by which objects are found. */
export interface ObjectIndex {
  /**
   * Adds the rows, together with other inserts that do not depend on them.
   * @throws Refusal `directory.name_taken`
   */
  add(
    tenantId: string,
    object: DirectoryObject,
    rows: IndexRows,
    others: readonly RawBuilder<unknown>[],
  ): Promise<void>;
  remove(tenantId: string, object: DirectoryObject, rows: IndexRows): Promise<void>;
}

export function objectIndex(query: Query, engine: Pick<Engine, 'table' | 'insertAll'>): ObjectIndex {
  const nameTable = ({ names }: IndexRows) =>
    engine.table(
      ['space', 'name_key'],
      names.map(({ space, key }) => [space, key]),
    );
  const valueTable = ({ values }: IndexRows) =>
    engine.table(
      ['attribute', 'value_key'],
      values.map(({ attribute, key }) => [attribute, key]),
    );

  const refuseTakenName = async (tenantId: string, objectId: string, names: readonly NameRow[]) => {
    for (const { space, key, name } of names) {
      const owner = await query
        .selectFrom('directory_name')
        .select('object_id')
        .where('tenant_id', '=', tenantId)
        .where('space', '=', space)
        .where('name_key', '=', key)
        .executeTakeFirst();
      if (owner && owner.object_id !== objectId) throw refuse('directory.name_taken', { space, name });
    }
    throw new Error('A name could be neither taken nor found.');
  };

  return {
    async add(tenantId, { id, kind }, rows, others) {
      const names = sql`
        insert into directory_name (tenant_id, space, name_key, object_id)
        select ${tenantId}, space, name_key, ${id} from ${nameTable(rows)} where true
        on conflict do nothing`;
      const values = sql`
        insert into directory_value (tenant_id, kind, attribute, value_key, object_id)
        select ${tenantId}, ${kind}, attribute, value_key, ${id} from ${valueTable(rows)}`;
      const [named] = await engine.insertAll(query, [
        ...(rows.names.length > 0 ? [names] : []),
        ...(rows.values.length > 0 ? [values] : []),
        ...others,
      ]);
      if (rows.names.length > 0 && named !== rows.names.length) await refuseTakenName(tenantId, id, rows.names);
    },

    async remove(tenantId, { id, kind }, rows) {
      if (rows.names.length > 0) {
        await sql`
          delete from directory_name where tenant_id = ${tenantId} and object_id = ${id}
            and (space, name_key) in (select space, name_key from ${nameTable(rows)})`.execute(query);
      }
      if (rows.values.length > 0) {
        await sql`
          delete from directory_value where tenant_id = ${tenantId} and kind = ${kind} and object_id = ${id}
            and (attribute, value_key) in (select attribute, value_key from ${valueTable(rows)})`.execute(query);
      }
    },
  };
}
