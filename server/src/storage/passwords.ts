import type { PasswordStore } from '../directory/index.ts';
import type { Engine, Query } from './engine.ts';
import type { PasswordCredentialTable } from './schema.ts';
import { statement } from './statement.ts';

export function passwordStore(query: Query, engine: Pick<Engine, 'run'>): PasswordStore {
  return {
    async find(tenantId, userId) {
      const { rows } = await engine.run<PasswordCredentialTable>(
        query,
        statement`select * from password_credential where tenant_id = ${tenantId} and user_id = ${userId}`,
      );
      const [row] = rows;
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
