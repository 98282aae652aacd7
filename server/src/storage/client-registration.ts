import type { InitialAccessToken, InitialAccessTokenStore, RegisteredClientStore } from '../applications/index.ts';
import type { Query } from './engine.ts';
import type { InitialAccessTokenTable } from './schema.ts';

export function initialAccessTokenStore(query: Query): InitialAccessTokenStore {
  return {
    async insert(tenantId, { id, displayName, hint, digest, createdAt, expiresAt, usesLeft }) {
      await query
        .insertInto('initial_access_token')
        .values({
          tenant_id: tenantId,
          id,
          display_name: displayName,
          hint,
          digest,
          created_at: createdAt.getTime(),
          expires_at: expiresAt.getTime(),
          uses_left: usesLeft,
        })
        .execute();
    },

    async remove(tenantId, id) {
      await query.deleteFrom('initial_access_token').where('tenant_id', '=', tenantId).where('id', '=', id).execute();
    },

    async list(tenantId) {
      const rows = query.selectFrom('initial_access_token').selectAll().where('tenant_id', '=', tenantId);
      return (await rows.orderBy('id').execute()).map(fromRow);
    },

    async use(tenantId, digest, now) {
      const row = await query
        .updateTable('initial_access_token')
        .set((is) => ({ uses_left: is('uses_left', '-', 1) }))
        .where('tenant_id', '=', tenantId)
        .where('digest', '=', digest)
        .where('uses_left', '>', 0)
        .where('expires_at', '>', now.getTime())
        .returningAll()
        .executeTakeFirst();
      return row && fromRow(row);
    },
  };
}

export function registeredClientStore(query: Query): RegisteredClientStore {
  return {
    async insert(tenantId, { appId, applicationId, tokenDigest }) {
      const row = { tenant_id: tenantId, app_id: appId, application_id: applicationId, token_digest: tokenDigest };
      await query.insertInto('registered_client').values(row).execute();
    },

    async find(tenantId, appId) {
      const row = await query
        .selectFrom('registered_client')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('app_id', '=', appId)
        .executeTakeFirst();
      return row && { appId: row.app_id, applicationId: row.application_id, tokenDigest: row.token_digest };
    },

    async count(tenantId) {
      const { count } = await query
        .selectFrom('registered_client as client')
        .innerJoin('directory_object as object', (join) =>
          join.onRef('object.tenant_id', '=', 'client.tenant_id').onRef('object.id', '=', 'client.application_id'),
        )
        .where('client.tenant_id', '=', tenantId)
        .where('object.deleted_at', 'is', null)
        .select(({ fn }) => fn.countAll<number | string>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}

function fromRow(row: InitialAccessTokenTable): InitialAccessToken {
  return {
    id: row.id,
    displayName: row.display_name,
    hint: row.hint,
    digest: row.digest,
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    usesLeft: row.uses_left,
  };
}
