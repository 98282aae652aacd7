import type { PersistentNameStore } from '../applications/index.ts';
import type { Query } from './engine.ts';

export function persistentNameStore(query: Query): PersistentNameStore {
  const keyOf = (tenantId: string, servicePrincipalId: string, userId: string) => ({
    tenant_id: tenantId,
    service_principal_id: servicePrincipalId,
    user_id: userId,
  });
  const kept = query.selectFrom('persistent_name').select('name');

  return {
    async find(...key) {
      return (await kept.where((is) => is.and(keyOf(...key))).executeTakeFirst())?.name;
    },

    async findOrKeep(tenantId, servicePrincipalId, userId, name) {
      const key = keyOf(tenantId, servicePrincipalId, userId);
      await query
        .insertInto('persistent_name')
        .values({ ...key, name })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return (await kept.where((is) => is.and(key)).executeTakeFirstOrThrow()).name;
    },
  };
}
