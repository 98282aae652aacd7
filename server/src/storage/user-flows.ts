import { fold } from '../directory/index.ts';
import type { FlowStore } from '../user-flows/index.ts';
import type { Query } from './engine.ts';

export function flowStore(query: Query): FlowStore {
  const rows = (tenantId: string) =>
    query.selectFrom('user_flow').select('definition').where('tenant_id', '=', tenantId);
  return {
    async save(tenantId, flow) {
      const definition = JSON.stringify(flow);
      await query
        .insertInto('user_flow')
        .values({ tenant_id: tenantId, name_key: fold(flow.name), definition })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'name_key']).doUpdateSet({ definition }))
        .execute();
    },

    async remove(tenantId, name) {
      const { numDeletedRows } = await query
        .deleteFrom('user_flow')
        .where('tenant_id', '=', tenantId)
        .where('name_key', '=', fold(name))
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },

    async find(tenantId, name) {
      const row = await rows(tenantId).where('name_key', '=', fold(name)).executeTakeFirst();
      return row && JSON.parse(row.definition);
    },

    async list(tenantId) {
      return (await rows(tenantId).orderBy('name_key').execute()).map((row) => JSON.parse(row.definition));
    },
  };
}
