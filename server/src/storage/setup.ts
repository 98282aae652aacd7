import type { SetupStore } from '../setup/index.ts';
import type { Query } from './engine.ts';

const finished = 'setup-finished';
const hubTenant = 'hub-tenant';
export const setupSecretPrefix = 'setup-secret.';

/** Rows of `meta`: the time when the setup was finished, and each secret's digest with the time of its end. */
export function setupStore(query: Query): SetupStore {
  async function timeOf(name: string): Promise<Date | undefined> {
    const row = await query.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst();
    return row && new Date(row.value);
  }
  const everySecret = query.deleteFrom('meta').where('name', 'like', `${setupSecretPrefix}%`);

  return {
    finishedAt: () => timeOf(finished),

    async finish(at) {
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('meta')
        .values({ name: finished, value: at.toISOString() })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      await everySecret.execute();
      return Number(numInsertedOrUpdatedRows ?? 0) === 1;
    },

    async hubTenantId() {
      const row = await query.selectFrom('meta').select('value').where('name', '=', hubTenant).executeTakeFirst();
      return row?.value;
    },

    async keepHubTenantId(tenantId) {
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('meta')
        .values({ name: hubTenant, value: tenantId })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return Number(numInsertedOrUpdatedRows ?? 0) === 1;
    },

    async addSecret(digest, endsAt) {
      const row = { name: setupSecretPrefix + digest, value: endsAt.toISOString() };
      await query.insertInto('meta').values(row).execute();
    },

    secretEndsAt: (digest) => timeOf(setupSecretPrefix + digest),

    // Times in ISO 8601 and UTC are in the order of their text.
    async removeSecretsEndedBefore(time) {
      await everySecret.where('value', '<', time.toISOString()).execute();
    },
  };
}
