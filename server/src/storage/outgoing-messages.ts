import type { OutgoingMessageStore } from '../user-flows/index.ts';
import type { Query } from './engine.ts';
import type { SealedPlace, Sealing } from './sealing.ts';

export function outgoingMessageStore(query: Query, sealing: Sealing): OutgoingMessageStore {
  return {
    async add(tenantId, id, message, dueAt, expiresAt) {
      await query
        .insertInto('outgoing_message')
        .values({
          tenant_id: tenantId,
          id,
          sealed_message: sealing.seal(placeOf(tenantId, id), JSON.stringify(message)),
          tries: 0,
          due_at: dueAt.getTime(),
          expires_at: expiresAt.getTime(),
        })
        .execute();
    },

    async listDue(now, limit) {
      const rows = await query
        .selectFrom('outgoing_message')
        .selectAll()
        .where('due_at', '<=', now.getTime())
        .orderBy('due_at')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        tenantId: row.tenant_id,
        id: row.id,
        message: JSON.parse(sealing.open(placeOf(row.tenant_id, row.id), row.sealed_message)),
        tries: row.tries,
        dueAt: new Date(row.due_at),
        expiresAt: new Date(row.expires_at),
      }));
    },

    async count() {
      const { count } = await query
        .selectFrom('outgoing_message')
        .select(({ fn }) => fn.countAll<number | bigint | string>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async postpone({ tenantId, id, tries, dueAt }, next) {
      const { numUpdatedRows } = await query
        .updateTable('outgoing_message')
        .set({ tries: next.tries, due_at: next.dueAt.getTime() })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .where('tries', '=', tries)
        .where('due_at', '=', dueAt.getTime())
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async remove(tenantId, id) {
      const { numDeletedRows } = await query
        .deleteFrom('outgoing_message')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },
  };
}

function placeOf(tenantId: string, id: string): SealedPlace {
  return { table: 'outgoing_message', tenantId, id };
}
