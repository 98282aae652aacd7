import {
  type Change,
  type ChangeFeed,
  type ExtensionProperty,
  type ExtensionPropertyStore,
  fold,
} from '../directory/index.ts';
import type { Engine, Query } from './engine.ts';
import { refuse } from './errors.ts';
import type { ExtensionPropertyTable } from './schema.ts';
import { statement } from './statement.ts';

/** Keeps what tenants declare. Writing belongs into a transaction, since each write also tells the change feed. */
export function extensionPropertyStore(
  query: Query,
  engine: Pick<Engine, 'run'>,
  changes: ChangeFeed,
): ExtensionPropertyStore {
  const tell = (tenantId: string, id: string, verb: Change['verb'], at: Date) =>
    changes.append([{ tenantId, at, kind: 'extensionProperty', objectId: id, verb, detail: null }]);

  return {
    async insert(tenantId, property) {
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('extension_property')
        .values({
          tenant_id: tenantId,
          id: property.id,
          application_id: property.applicationId,
          name: property.name,
          name_key: fold(property.name),
          data_type: property.dataType,
          is_multi_valued: property.isMultiValued ? 1 : 0,
          target_kinds: JSON.stringify(property.targetKinds),
          description: property.description,
          created_at: property.createdAt.getTime(),
        })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'name_key']).doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows !== 1n) throw refuse('directory.extension_property_exists', { name: property.name });
      await tell(tenantId, property.id, 'created', property.createdAt);
    },

    async describe(tenantId, id, description, at) {
      await query
        .updateTable('extension_property')
        .set({ description })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .execute();
      await tell(tenantId, id, 'updated', at);
    },

    async remove(tenantId, id, at) {
      await query.deleteFrom('extension_property').where('tenant_id', '=', tenantId).where('id', '=', id).execute();
      await tell(tenantId, id, 'deleted', at);
    },

    async list(tenantId) {
      const { rows } = await engine.run<ExtensionPropertyTable>(
        query,
        statement`select * from extension_property where tenant_id = ${tenantId} order by id`,
      );
      return rows.map(fromRow);
    },
  };
}

function fromRow(row: ExtensionPropertyTable): ExtensionProperty {
  return {
    id: row.id,
    applicationId: row.application_id,
    name: row.name,
    dataType: row.data_type as ExtensionProperty['dataType'],
    isMultiValued: row.is_multi_valued === 1,
    targetKinds: JSON.parse(row.target_kinds),
    description: row.description,
    createdAt: new Date(row.created_at),
  };
}
