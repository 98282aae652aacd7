import type { PersistentNameStore } from '../applications/index.ts';
import type { Query } from './engine.ts';

export function persistentNameStore(query: Query): PersistentNameStore {
  return {
    async findOrKeep(tenantId, servicePrincipalId, userId, name) {
      const key = { tenant_id: tenantId, service_principal_id: servicePrincipalId, user_id: userId };
      await query
        .insertInto('persistent_name')
        .values({ ...key, name })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const kept = query.selectFrom('persistent_name').select('name');
      return (await kept.where((is) => is.and(key)).executeTakeFirstOrThrow()).name;
    },
  };
}
