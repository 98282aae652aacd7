import type { AcceptedTermsStore } from '../user-flows/index.ts';
import type { Query } from './engine.ts';

export function acceptedTermsStore(query: Query): AcceptedTermsStore {
  return {
    async add(tenantId, userId, version, at) {
      await query
        .insertInto('accepted_terms')
        .values({ tenant_id: tenantId, user_id: userId, version, accepted_at: at.getTime() })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'user_id', 'version']).doNothing())
        .execute();
    },

    async list(tenantId, userId) {
      const rows = await query
        .selectFrom('accepted_terms')
        .select(['version', 'accepted_at'])
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .orderBy('accepted_at')
        .execute();
      return rows.map((row) => ({ version: row.version, acceptedAt: new Date(row.accepted_at) }));
    },
  };
}
