import type { ClientSecret, ClientSecretStore } from '../applications/index.ts';
import type { ChangeFeed } from '../directory/index.ts';
import type { Query } from './engine.ts';
import type { ClientSecretTable } from './schema.ts';
import type { SealedPlace, Sealing } from './sealing.ts';

/**
 * Keeps the digests of secrets, and sealed texts of those that sign. Writing belongs into a transaction, since each write
 * also tells the change feed.
 */
export function clientSecretStore(query: Query, sealing: Sealing, changes: ChangeFeed): ClientSecretStore {
  return {
    async insert(tenantId, secret, at, text) {
      const sealed_text = text === undefined ? null : sealing.seal(placeOf(tenantId, secret.id), text);
      await query
        .insertInto('client_secret')
        .values({ ...toRow(tenantId, secret), sealed_text })
        .execute();
      await changes.append([
        { tenantId, at, kind: 'clientSecret', objectId: secret.id, verb: 'created', detail: { of: secret.objectId } },
      ]);
    },

    async remove(tenantId, objectId, id, at) {
      const { numDeletedRows } = await query
        .deleteFrom('client_secret')
        .where('tenant_id', '=', tenantId)
        .where('object_id', '=', objectId)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      if (numDeletedRows === 0n) return false;
      await changes.append([
        { tenantId, at, kind: 'clientSecret', objectId: id, verb: 'deleted', detail: { of: objectId } },
      ]);
      return true;
    },

    async list(tenantId, objectIds) {
      if (objectIds.length === 0) return [];
      const rows = await query
        .selectFrom('client_secret')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('object_id', 'in', objectIds)
        .orderBy('object_id')
        .orderBy('id')
        .execute();
      return rows.map(fromRow);
    },

    async findText(tenantId, objectId, now) {
      const row = await query
        .selectFrom('client_secret')
        .select(['id', 'sealed_text'])
        .where('tenant_id', '=', tenantId)
        .where('object_id', '=', objectId)
        .where('sealed_text', 'is not', null)
        .where('starts_at', '<=', now.getTime())
        .where('ends_at', '>', now.getTime())
        .orderBy('starts_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.sealed_text == null ? undefined : sealing.open(placeOf(tenantId, row.id), row.sealed_text);
    },

    async forgetTexts(tenantId, objectId) {
      await query
        .updateTable('client_secret')
        .set({ sealed_text: null })
        .where('tenant_id', '=', tenantId)
        .where('object_id', '=', objectId)
        .execute();
    },
  };
}

function placeOf(tenantId: string, id: string): SealedPlace {
  return { table: 'client_secret', tenantId, id };
}

function toRow(tenantId: string, secret: ClientSecret): Omit<ClientSecretTable, 'sealed_text'> {
  return {
    tenant_id: tenantId,
    id: secret.id,
    object_id: secret.objectId,
    display_name: secret.displayName,
    hint: secret.hint,
    digest: secret.digest,
    starts_at: secret.startsAt.getTime(),
    ends_at: secret.endsAt.getTime(),
  };
}

function fromRow(row: ClientSecretTable): ClientSecret {
  return {
    id: row.id,
    objectId: row.object_id,
    displayName: row.display_name,
    hint: row.hint,
    digest: row.digest,
    startsAt: new Date(row.starts_at),
    endsAt: new Date(row.ends_at),
  };
}
