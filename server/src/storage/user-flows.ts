import { type ChangeFeed, fold } from '../directory/index.ts';
import type { FlowStore } from '../user-flows/index.ts';
import type { Engine, Query } from './engine.ts';

export function flowStore(query: Query, engine: Pick<Engine, 'lock'>, changes: ChangeFeed): FlowStore {
  const tell = (tenantId: string, name: string, at: Date, verb: 'updated' | 'deleted') =>
    changes.append([{ tenantId, at, kind: 'userFlow', objectId: fold(name), verb, detail: null }]);
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

    async save(tenantId, flow, at) {
      const definition = JSON.stringify(flow);
      await query
        .insertInto('user_flow')
        .values({ tenant_id: tenantId, name_key: fold(flow.name), definition })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'name_key']).doUpdateSet({ definition }))
        .execute();
      await tell(tenantId, flow.name, at, 'updated');
    },

    async remove(tenantId, name, at) {
      const { numDeletedRows } = await query
        .deleteFrom('user_flow')
        .where('tenant_id', '=', tenantId)
        .where('name_key', '=', fold(name))
        .executeTakeFirst();
      if (numDeletedRows === 0n) return false;
      await tell(tenantId, name, at, 'deleted');
      return true;
    },

    async list(tenantId) {
      return (await rows(tenantId).orderBy('name_key').execute()).map((row) => JSON.parse(row.definition));
    },
  };
}
