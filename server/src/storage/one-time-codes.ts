import type { CodePlace, OneTimeCodeStore } from '../user-flows/index.ts';
import type { Query } from './engine.ts';

export function oneTimeCodeStore(query: Query): OneTimeCodeStore {
  const columnsOf = ({ tenantId, signInId, purpose }: CodePlace) => ({
    tenant_id: tenantId,
    sign_in_id: signInId,
    purpose,
  });

  return {
    async save(place, digest, expiresAt) {
      const values = { digest, tries: 0, expires_at: expiresAt.getTime() };
      await query
        .insertInto('one_time_code')
        .values({ ...columnsOf(place), ...values })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'sign_in_id', 'purpose']).doUpdateSet(values))
        .execute();
    },

    async redeem(place, digest, mostTries, now) {
      const tried = await query
        .updateTable('one_time_code')
        .set((is) => ({ tries: is('tries', '+', 1) }))
        .where((is) => is.and(columnsOf(place)))
        .where('tries', '<', mostTries)
        .where('expires_at', '>', now.getTime())
        .returning('digest')
        .executeTakeFirst();
      if (tried?.digest !== digest) return false;
      const { numDeletedRows } = await query
        .deleteFrom('one_time_code')
        .where((is) => is.and(columnsOf(place)))
        .where('digest', '=', digest)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },
  };
}
