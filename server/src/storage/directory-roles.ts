import type { ChangeFeed, DirectoryRoleAssignment, DirectoryRoleStore, ObjectKind } from '../directory/index.ts';
import type { Engine, Query } from './engine.ts';
import { refuse } from './errors.ts';
import type { DirectoryRoleAssignmentTable } from './schema.ts';
import { statement } from './statement.ts';

export function directoryRoleStore(
  query: Query,
  engine: Pick<Engine, 'lock' | 'run'>,
  changes: ChangeFeed,
): DirectoryRoleStore {
  const kind = 'directoryRoleAssignment';
  return {
    async add(tenantId, { id, roleId, principalId, principalKind, createdAt }) {
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('directory_role_assignment')
        .values({
          tenant_id: tenantId,
          id,
          role_id: roleId,
          principal_id: principalId,
          principal_kind: principalKind,
          created_at: createdAt.getTime(),
        })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'principal_id', 'role_id']).doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows !== 1n) throw refuse('directory.role_already_assigned', { principalId, roleId });
      const detail = { principalId, roleId };
      await changes.append([{ tenantId, at: createdAt, kind, objectId: id, verb: 'created', detail }]);
    },

    async remove(tenantId, { id, principalId, roleId }, at) {
      const { numDeletedRows } = await query
        .deleteFrom('directory_role_assignment')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .executeTakeFirst();
      if (numDeletedRows !== 1n) return;
      const detail = { principalId, roleId };
      await changes.append([{ tenantId, at, kind, objectId: id, verb: 'deleted', detail }]);
    },

    async list(tenantId, where = {}) {
      if (where.principalIds?.length === 0) return [];
      let rows = query.selectFrom('directory_role_assignment').selectAll().where('tenant_id', '=', tenantId);
      if (where.id !== undefined) rows = rows.where('id', '=', where.id);
      if (where.roleId !== undefined) rows = rows.where('role_id', '=', where.roleId);
      if (where.principalIds) rows = rows.where('principal_id', 'in', where.principalIds);
      return (await rows.orderBy('id').execute()).map(fromRow);
    },

    async listHeldByOrGroups(tenantId, principalId) {
      const { rows } = await engine.run<DirectoryRoleAssignmentTable>(
        query,
        statement`
          select * from directory_role_assignment
          where tenant_id = ${tenantId} and (principal_id = ${principalId} or principal_kind = 'group') order by id`,
      );
      return rows.map(fromRow);
    },

    lock: (tenantId) => engine.lock(query, `directory roles of ${tenantId}`),
  };
}

function fromRow(row: DirectoryRoleAssignmentTable): DirectoryRoleAssignment {
  return {
    id: row.id,
    roleId: row.role_id,
    principalId: row.principal_id,
    principalKind: row.principal_kind as ObjectKind,
    createdAt: new Date(row.created_at),
  };
}
