import type { DirectoryObject } from '../directory/index.ts';
import type { Engine, Query } from './engine.ts';
import { refuse } from './errors.ts';
import type { IndexRows, NameRow } from './index-rows.ts';
import { type Statement, statement } from './statement.ts';

/** An object with rows by which it is found. */
export interface IndexedObject {
  object: Pick<DirectoryObject, 'id' | 'kind'>;
  rows: IndexRows;
}

/** Keeps the rows by which objects are found. */
export interface ObjectIndex {
  /**
   * Adds the rows, together with other inserts that do not depend on them.
   * @throws Refusal `directory.name_taken`
   */
  add(tenantId: string, indexed: readonly IndexedObject[], others: readonly Statement[]): Promise<void>;
  remove(tenantId: string, indexed: IndexedObject): Promise<void>;
}

/** A name, and which object takes it. */
interface Claim extends NameRow {
  objectId: string;
}

export function objectIndex(query: Query, engine: Pick<Engine, 'table' | 'run' | 'writeAll'>): ObjectIndex {
  const refuseTakenName = async (tenantId: string, claims: readonly Claim[]) => {
    for (const { space, key, name, objectId } of claims) {
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
    async add(tenantId, indexed, others) {
      const claims = indexed
        .flatMap(({ object, rows }) => rows.names.map((name): Claim => ({ ...name, objectId: object.id })))
        // In one order everywhere, so that two who take several names at once wait for each other and never in a circle.
        .sort((a, b) => (`${a.space} ${a.key}` < `${b.space} ${b.key}` ? -1 : 1));
      const entries = indexed.flatMap(({ object: { id, kind }, rows }) =>
        rows.values.map(({ attribute, key }) => [kind, attribute, key, id]),
      );
      const named = engine.table(
        ['space', 'name_key', 'object_id'],
        claims.map(({ space, key, objectId }) => [space, key, objectId]),
      );
      const names = statement`
        insert into directory_name (tenant_id, space, name_key, object_id)
        select ${tenantId}, space, name_key, object_id from ${named} where true
        on conflict do nothing`;
      const values = statement`
        insert into directory_value (tenant_id, kind, attribute, value_key, object_id)
        select ${tenantId}, kind, attribute, value_key, object_id
        from ${engine.table(['kind', 'attribute', 'value_key', 'object_id'], entries)}`;
      const [taken] = await engine.writeAll(query, [
        ...(claims.length > 0 ? [names] : []),
        ...(entries.length > 0 ? [values] : []),
        ...others,
      ]);
      if (claims.length > 0 && taken !== claims.length) await refuseTakenName(tenantId, claims);
    },

    async remove(tenantId, { object: { id, kind }, rows: { names, values } }) {
      if (names.length > 0) {
        const named = engine.table(
          ['space', 'name_key'],
          names.map(({ space, key }) => [space, key]),
        );
        await engine.run(
          query,
          statement`
            delete from directory_name where tenant_id = ${tenantId} and object_id = ${id}
              and (space, name_key) in (select space, name_key from ${named})`,
        );
      }
      if (values.length > 0) {
        const entries = engine.table(
          ['attribute', 'value_key'],
          values.map(({ attribute, key }) => [attribute, key]),
        );
        await engine.run(
          query,
          statement`
            delete from directory_value where tenant_id = ${tenantId} and kind = ${kind} and object_id = ${id}
              and (attribute, value_key) in (select attribute, value_key from ${entries})`,
        );
      }
    },
  };
}
