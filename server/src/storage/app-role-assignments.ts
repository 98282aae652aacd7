import type { AppRoleAssignment, AppRoleAssignmentStore } from '../applications/index.ts';
import type { ChangeFeed } from '../directory/index.ts';
import type { Query } from './engine.ts';
import type { AppRoleAssignmentTable } from './schema.ts';

/** Keeps who holds which role. Writing belongs into a transaction, since each write also tells the change feed. */
export function appRoleAssignmentStore(query: Query, changes: ChangeFeed): AppRoleAssignmentStore {
  const append = (tenantId: string, at: Date, verb: 'created' | 'deleted', row: AppRoleAssignmentTable) =>
    changes.append([{ tenantId, at, kind: 'appRoleAssignment', objectId: row.id, verb, detail: partiesOf(row) }]);
  return {
    async insert(tenantId, assignment, at) {
      const row = toRow(tenantId, assignment);
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('app_role_assignment')
        .values(row)
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'principal_id', 'resource_id', 'app_role_id']).doNothing(),
        )
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 0n) return false;
      await append(tenantId, at, 'created', row);
      return true;
    },

    async remove(tenantId, id, at) {
      const removed = await query
        .deleteFrom('app_role_assignment')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (!removed) return false;
      await append(tenantId, at, 'deleted', removed);
      return true;
    },

    async list(tenantId, wanted, limit, afterId) {
      if (wanted.principalIds?.length === 0) return [];
      let rows = query.selectFrom('app_role_assignment').selectAll().where('tenant_id', '=', tenantId);
      if (wanted.id !== undefined) rows = rows.where('id', '=', wanted.id);
      if (wanted.principalIds !== undefined) rows = rows.where('principal_id', 'in', wanted.principalIds);
      if (wanted.resourceId !== undefined) rows = rows.where('resource_id', '=', wanted.resourceId);
      if (wanted.appRoleId !== undefined) rows = rows.where('app_role_id', '=', wanted.appRoleId);
      if (afterId !== undefined) rows = rows.where('id', '>', afterId);
      return (await rows.orderBy('id').limit(limit).execute()).map(fromRow);
    },
  };
}

function partiesOf(row: AppRoleAssignmentTable): Record<string, string> {
  return { principalId: row.principal_id, resourceId: row.resource_id, appRoleId: row.app_role_id };
}

function toRow(tenantId: string, assignment: AppRoleAssignment): AppRoleAssignmentTable {
  return {
    tenant_id: tenantId,
    id: assignment.id,
    app_role_id: assignment.appRoleId,
    principal_id: assignment.principalId,
    principal_kind: assignment.principalKind,
    resource_id: assignment.resourceId,
    created_at: assignment.createdAt.getTime(),
  };
}

function fromRow(row: AppRoleAssignmentTable): AppRoleAssignment {
  return {
    id: row.id,
    appRoleId: row.app_role_id,
    principalId: row.principal_id,
    principalKind: row.principal_kind as AppRoleAssignment['principalKind'],
    resourceId: row.resource_id,
    createdAt: new Date(row.created_at),
  };
}
