import type { ClientSecret, ClientSecretStore } from '../applications/index.ts';
import type { ChangeFeed } from '../directory/index.ts';
import type { Query } from './engine.ts';
import type { ClientSecretTable } from './schema.ts';

/** Keeps the digests of secrets. Writing belongs into a transaction, since each write also tells the change feed. */
export function clientSecretStore(query: Query, changes: ChangeFeed): ClientSecretStore {
  return {
    async insert(tenantId, secret, at) {
      await query.insertInto('client_secret').values(toRow(tenantId, secret)).execute();
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
  };
}

function toRow(tenantId: string, secret: ClientSecret): ClientSecretTable {
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
