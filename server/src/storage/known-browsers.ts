import type { KnownBrowserStore } from '../user-flows/index.ts';
import type { Query } from './engine.ts';

export function knownBrowserStore(query: Query): KnownBrowserStore {
  return {
    async has(tenantId, userId, browserDigest, now) {
      const row = await query
        .selectFrom('known_browser')
        .select('user_id')
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .where('browser_digest', '=', browserDigest)
        .where('expires_at', '>', now.getTime())
        .executeTakeFirst();
      return row !== undefined;
    },

    async remember(tenantId, userId, browserDigest, forgottenAt) {
      const expires_at = forgottenAt.getTime();
      await query
        .insertInto('known_browser')
        .values({ tenant_id: tenantId, user_id: userId, browser_digest: browserDigest, expires_at })
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'user_id', 'browser_digest']).doUpdateSet({ expires_at }),
        )
        .execute();
    },
  };
}
