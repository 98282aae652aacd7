import type { LogoutNoticeStore } from '../sign-in/index.ts';
import type { Query } from './engine.ts';

export function logoutNoticeStore(query: Query): LogoutNoticeStore {
  return {
    async add(tenantId, { id, applicationId, issuer, userId, sessionId, tries, dueAt }) {
      await query
        .insertInto('logout_notice')
        .values({
          tenant_id: tenantId,
          id,
          application_id: applicationId,
          issuer,
          user_id: userId,
          session_id: sessionId,
          tries,
          due_at: dueAt.getTime(),
        })
        .execute();
    },

    async listDue(now, limit) {
      const rows = await query
        .selectFrom('logout_notice')
        .selectAll()
        .where('due_at', '<=', now.getTime())
        .orderBy('due_at')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        tenantId: row.tenant_id,
        id: row.id,
        applicationId: row.application_id,
        issuer: row.issuer,
        userId: row.user_id,
        sessionId: row.session_id,
        tries: row.tries,
        dueAt: new Date(row.due_at),
      }));
    },

    async postpone({ tenantId, id, dueAt }, next) {
      const { numUpdatedRows } = await query
        .updateTable('logout_notice')
        .set({ tries: next.tries, due_at: next.dueAt.getTime() })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .where('due_at', '=', dueAt.getTime())
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async remove(tenantId, id) {
      await query.deleteFrom('logout_notice').where('tenant_id', '=', tenantId).where('id', '=', id).execute();
    },
  };
}
