import type { AttemptStore } from '../user-flows/index.ts';
import type { Engine, Query } from './engine.ts';

export function attemptStore(query: Query, engine: Pick<Engine, 'lock'>): AttemptStore {
  return {
    async claim(tenantId, keys) {
      // Not by locking rows, which may not be there yet.
      for (const key of keys) await engine.lock(query, `attempts ${tenantId} ${key}`);
      const rows = await query
        .selectFrom('attempts')
        .select(['key', 'count', 'last_at'])
        .where('tenant_id', '=', tenantId)
        .where('key', 'in', keys)
        .execute();
      return new Map(rows.map((row) => [row.key, { count: row.count, lastAt: new Date(row.last_at) }]));
    },

    async save(tenantId, key, { count, lastAt }, forgottenAt) {
      const values = { count, last_at: lastAt.getTime(), expires_at: forgottenAt.getTime() };
      await query
        .insertInto('attempts')
        .values({ tenant_id: tenantId, key, ...values })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'key']).doUpdateSet(values))
        .execute();
    },

    async remove(tenantId, key) {
      await query.deleteFrom('attempts').where('tenant_id', '=', tenantId).where('key', '=', key).execute();
    },
  };
}
