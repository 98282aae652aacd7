import type { FederatedCredential, FederatedCredentialStore } from '../applications/index.ts';
import type { ChangeFeed } from '../directory/index.ts';
import type { Query } from './engine.ts';
import type { FederatedCredentialTable } from './schema.ts';

/** Keeps federated credentials. Writing belongs into a transaction, since each write also tells the change feed. */
export function federatedCredentialStore(query: Query, changes: ChangeFeed): FederatedCredentialStore {
  const kind = 'federatedCredential';
  return {
    async insert(tenantId, credential, at) {
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('federated_credential')
        .values(toRow(tenantId, credential))
        .onConflict((conflict) => conflict.columns(['tenant_id', 'object_id', 'name_key']).doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 0n) return false;
      const { id: objectId, objectId: of } = credential;
      await changes.append([{ tenantId, at, kind, objectId, verb: 'created', detail: { of } }]);
      return true;
    },

    async update(tenantId, credential, at) {
      const { issuer, subject, audiences, description } = toRow(tenantId, credential);
      const { numUpdatedRows } = await query
        .updateTable('federated_credential')
        .set({ issuer, subject, audiences, description })
        .where('tenant_id', '=', tenantId)
        .where('object_id', '=', credential.objectId)
        .where('id', '=', credential.id)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return;
      const { id: objectId, objectId: of } = credential;
      await changes.append([{ tenantId, at, kind, objectId, verb: 'updated', detail: { of } }]);
    },

    async remove(tenantId, objectId, id, at) {
      const { numDeletedRows } = await query
        .deleteFrom('federated_credential')
        .where('tenant_id', '=', tenantId)
        .where('object_id', '=', objectId)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      if (numDeletedRows === 0n) return false;
      await changes.append([{ tenantId, at, kind, objectId: id, verb: 'deleted', detail: { of: objectId } }]);
      return true;
    },

    async list(tenantId, objectId) {
      const rows = await query
        .selectFrom('federated_credential')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('object_id', '=', objectId)
        .orderBy('id')
        .execute();
      return rows.map(fromRow);
    },
  };
}

function toRow(tenantId: string, credential: FederatedCredential): FederatedCredentialTable {
  return {
    tenant_id: tenantId,
    id: credential.id,
    object_id: credential.objectId,
    name: credential.name,
    name_key: credential.name.toLowerCase(),
    issuer: credential.issuer,
    subject: credential.subject,
    audiences: JSON.stringify(credential.audiences),
    description: credential.description,
    created_at: credential.createdAt.getTime(),
  };
}

function fromRow(row: FederatedCredentialTable): FederatedCredential {
  return {
    id: row.id,
    objectId: row.object_id,
    name: row.name,
    issuer: row.issuer,
    subject: row.subject,
    audiences: JSON.parse(row.audiences),
    description: row.description,
    createdAt: new Date(row.created_at),
  };
}
