import { fold } from '../directory/index.ts';
import type { FlowStore } from '../user-flows/index.ts';
import type { Engine, Query } from './engine.ts';

export function flowStore(query: Query, engine: Pick<Engine, 'lock'>): FlowStore {
  const rows = (tenantId: string) =>
    query.selectFrom('user_flow').select('definition').where('tenant_id', '=', tenantId);
  const find: FlowStore['find'] = async (tenantId, name) => {
    const row = await rows(tenantId).where('name_key', '=', fold(name)).executeTakeFirst();
    return row && JSON.parse(row.definition);
  };
  return {
    find,

    async findToChange(tenantId, name) {
      // Not by locking the row, which may not be there yet.
      await engine.lock(query, `user flow ${tenantId} ${fold(name)}`);
      return find(tenantId, name);
    },

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

    async list(tenantId) {
      return (await rows(tenantId).orderBy('name_key').execute()).map((row) => JSON.parse(row.definition));
    },
  };
}
