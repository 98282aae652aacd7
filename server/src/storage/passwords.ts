import type { PasswordStore } from '../directory/index.ts';
import type { Query } from './engine.ts';

export function passwordStore(query: Query): PasswordStore {
  return {
    async find(tenantId, userId) {
      const row = await query
        .selectFrom('password_credential')
        .select(['hash', 'must_change', 'changed_at'])
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .executeTakeFirst();
      return row && { hash: row.hash, mustChange: row.must_change === 1, changedAt: new Date(row.changed_at) };
    },

    async findChangedAt(tenantId, userId) {
      const row = await query
        .selectFrom('password_credential')
        .select('changed_at')
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .executeTakeFirst();
      return row && new Date(row.changed_at);
    },

    async save(tenantId, userId, { hash, mustChange, changedAt }) {
      const values = { hash, must_change: mustChange ? 1 : 0, changed_at: changedAt.getTime() };
      await query
        .insertInto('password_credential')
        .values({ tenant_id: tenantId, user_id: userId, ...values })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'user_id']).doUpdateSet(values))
        .execute();
    },

    async remove(tenantId, userId) {
      await query
        .deleteFrom('password_credential')
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .execute();
    },
  };
}
