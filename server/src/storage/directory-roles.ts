import type { ChangeFeed, DirectoryRoleAssignment, DirectoryRoleStore, ObjectKind } from '../directory/index.ts';
import type { Engine, Query } from './engine.ts';
import { refuse } from './errors.ts';
import { fromRow as objectFromRow } from './object-row.ts';
import type { DirectoryObjectTable, DirectoryRoleAssignmentTable } from './schema.ts';
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

    async findHolder(tenantId, id) {
      const { rows } = await engine.run<DirectoryObjectTable & HeldRow>(
        query,
        statement`
          select o.*, a.id as assignment_id, role_id, principal_id, principal_kind, a.created_at as assigned_at
          from directory_object o
          left join directory_role_assignment a
            on a.tenant_id = ${tenantId} and (principal_id = ${id} or principal_kind = 'group')
          where o.tenant_id = ${tenantId} and o.id = ${id} and o.deleted_at is null order by a.id`,
      );
      const [first] = rows;
      return first && { object: objectFromRow(first), assignments: rows.flatMap(assignmentIn) };
    },

    lock: (tenantId) => engine.lock(query, `directory roles of ${tenantId}`),
  };
}

/** What a row says of an assignment; nothing where there is none. */
interface HeldRow extends Pick<DirectoryRoleAssignmentTable, 'role_id' | 'principal_id' | 'principal_kind'> {
  assignment_id: string | null;
  assigned_at: number;
}

function assignmentIn(row: HeldRow): DirectoryRoleAssignment[] {
  const { assignment_id: id, assigned_at, role_id, principal_id, principal_kind } = row;
  return id === null ? [] : [fromRow({ id, role_id, principal_id, principal_kind, created_at: assigned_at })];
}

function fromRow(row: Omit<DirectoryRoleAssignmentTable, 'tenant_id'>): DirectoryRoleAssignment {
  return {
    id: row.id,
    roleId: row.role_id,
    principalId: row.principal_id,
    principalKind: row.principal_kind as ObjectKind,
    createdAt: new Date(row.created_at),
  };
}
