import type { PermissionGrant, PermissionGrantStore } from '../applications/index.ts';
import type { ChangeFeed } from '../directory/index.ts';
import type { Query } from './engine.ts';
import type { PermissionGrantTable } from './schema.ts';

/** Keeps consents. Writing belongs into a transaction, since each write also tells the change feed. */
export function permissionGrantStore(query: Query, changes: ChangeFeed): PermissionGrantStore {
  const append = (tenantId: string, at: Date, verb: 'created' | 'updated' | 'deleted', row: PermissionGrantTable) =>
    changes.append([{ tenantId, at, kind: 'permissionGrant', objectId: row.id, verb, detail: partiesOf(row) }]);
  return {
    async insert(tenantId, grant, at) {
      const row = toRow(tenantId, grant);
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('permission_grant')
        .values(row)
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'client_id', 'principal_id', 'resource_id']).doNothing(),
        )
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 0n) return false;
      await append(tenantId, at, 'created', row);
      return true;
    },

    async update(tenantId, grant, at) {
      const { numUpdatedRows } = await query
        .updateTable('permission_grant')
        .set({ scope: grant.scope })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', grant.id)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows > 0n) await append(tenantId, at, 'updated', toRow(tenantId, grant));
    },

    async remove(tenantId, id, at) {
      const removed = await query
        .deleteFrom('permission_grant')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (!removed) return false;
      await append(tenantId, at, 'deleted', removed);
      return true;
    },

    async list(tenantId, wanted, limit, afterId) {
      let rows = query.selectFrom('permission_grant').selectAll().where('tenant_id', '=', tenantId);
      if (wanted.id !== undefined) rows = rows.where('id', '=', wanted.id);
      if (wanted.clientId !== undefined) rows = rows.where('client_id', '=', wanted.clientId);
      if (wanted.resourceId !== undefined) rows = rows.where('resource_id', '=', wanted.resourceId);
      if (wanted.principalId !== undefined) rows = rows.where('principal_id', '=', wanted.principalId ?? everybody);
      if (afterId !== undefined) rows = rows.where('id', '>', afterId);
      return (await rows.orderBy('id').limit(limit).execute()).map(fromRow);
    },
  };
}

/** Stands for everybody in `principal_id`, since a null would never be equal to another in the unique constraint. */
const everybody = '';

function partiesOf(row: PermissionGrantTable): Record<string, string> {
  return { clientId: row.client_id, resourceId: row.resource_id, principalId: row.principal_id };
}

function toRow(tenantId: string, grant: PermissionGrant): PermissionGrantTable {
  return {
    tenant_id: tenantId,
    id: grant.id,
    client_id: grant.clientId,
    principal_id: grant.principalId ?? everybody,
    resource_id: grant.resourceId,
    scope: grant.scope,
    created_at: grant.createdAt.getTime(),
  };
}

function fromRow(row: PermissionGrantTable): PermissionGrant {
  return {
    id: row.id,
    clientId: row.client_id,
    resourceId: row.resource_id,
    principalId: row.principal_id === everybody ? null : row.principal_id,
    scope: row.scope,
    createdAt: new Date(row.created_at),
  };
}
