import { type ExtensionProperty, type ExtensionPropertyStore, fold } from '../directory/index.ts';
import type { Query } from './engine.ts';
import { refuse } from './errors.ts';
import type { ExtensionPropertyTable } from './schema.ts';

export function extensionPropertyStore(query: Query): ExtensionPropertyStore {
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
    },

    async describe(tenantId, id, description) {
      await query
        .updateTable('extension_property')
        .set({ description })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .execute();
    },

    async remove(tenantId, id) {
      await query.deleteFrom('extension_property').where('tenant_id', '=', tenantId).where('id', '=', id).execute();
    },

    async list(tenantId) {
      const rows = query.selectFrom('extension_property').selectAll().where('tenant_id', '=', tenantId);
      return (await rows.orderBy('id').execute()).map(fromRow);
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
