import type { RecoveryCodeStore } from '../user-flows/index.ts';
import type { Query } from './engine.ts';

export function recoveryCodeStore(query: Query): RecoveryCodeStore {
  const remove = (tenantId: string, userId: string) =>
    query.deleteFrom('recovery_code').where('tenant_id', '=', tenantId).where('user_id', '=', userId);

  return {
    async replace(tenantId, userId, digests) {
      await remove(tenantId, userId).execute();
      const rows = digests.map((digest) => ({ tenant_id: tenantId, user_id: userId, digest }));
      if (rows.length > 0) await query.insertInto('recovery_code').values(rows).execute();
    },

    async take(tenantId, userId, digest) {
      const { numDeletedRows } = await remove(tenantId, userId).where('digest', '=', digest).executeTakeFirst();
      return numDeletedRows === 1n;
    },

    async count(tenantId, userId) {
      const rows = await query
        .selectFrom('recovery_code')
        .select('digest')
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .execute();
      return rows.length;
    },
  };
}
