import { sql } from 'kysely';
import type { UsedIdStore } from '../issuance/index.ts';
import type { Query } from './engine.ts';

export function usedIdStore(query: Query): UsedIdStore {
  return {
    async use(tenantId, id, until) {
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('used_id')
        .values({ tenant_id: tenantId, id, until: until.getTime() })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },

    async removeExpired(before, limit) {
      const { numAffectedRows } = await sql`
        delete from used_id where (tenant_id, id) in (
          select tenant_id, id from used_id where until < ${before.getTime()} limit ${limit}
        )`.execute(query);
      return Number(numAffectedRows ?? 0);
    },
  };
}
