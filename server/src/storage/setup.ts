import type { SetupStore } from '../setup/index.ts';
import type { Query } from './engine.ts';

const finished = 'setup-finished';
const hubTenant = 'hub-tenant';
const demoDue = 'demo-due';
export const setupSecretPrefix = 'setup-secret.';

/**
 * Rows of `meta`: the hub's tenant, whether the demo is due, the time when the setup was finished, and each secret's digest
 * with the time of its end.
 */
export function setupStore(query: Query): SetupStore {
  async function readValue(name: string): Promise<string | undefined> {
    const row = await query.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst();
    return row?.value;
  }
  async function timeOf(name: string): Promise<Date | undefined> {
    const value = await readValue(name);
    return value === undefined ? undefined : new Date(value);
  }
  const removeSecrets = () => query.deleteFrom('meta').where('name', 'like', `${setupSecretPrefix}%`);

  return {
    finishedAt: () => timeOf(finished),

    async finish(at) {
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('meta')
        .values({ name: finished, value: at.toISOString() })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      await removeSecrets().execute();
      return Number(numInsertedOrUpdatedRows ?? 0) === 1;
    },

    hubTenantId: () => readValue(hubTenant),

    async keepHubTenantId(tenantId) {
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('meta')
        .values({ name: hubTenant, value: tenantId })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return Number(numInsertedOrUpdatedRows ?? 0) === 1;
    },

    isDemoDue: async () => (await readValue(demoDue)) !== undefined,

    async setDemoDue(isDue) {
      await query.deleteFrom('meta').where('name', '=', demoDue).execute();
      if (isDue) await query.insertInto('meta').values({ name: demoDue, value: 'yes' }).execute();
    },

    async addSecret(digest, endsAt) {
      const row = { name: setupSecretPrefix + digest, value: endsAt.toISOString() };
      await query.insertInto('meta').values(row).execute();
    },

    secretEndsAt: (digest) => timeOf(setupSecretPrefix + digest),

    // Times in ISO 8601 and UTC are in the order of their text.
    async removeSecretsEndedBefore(time) {
      await removeSecrets().where('value', '<', time.toISOString()).execute();
    },
  };
}
