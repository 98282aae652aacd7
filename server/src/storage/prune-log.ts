import type { Query } from './engine.ts';

/** Removes the oldest events of a tenant's log from before the time, at most so many. Returns how many. */
export async function pruneLog(
  query: Query,
  table: 'audit_event' | 'sign_in_event' | 'sign_in_trace',
  tenantId: string,
  before: Date,
  most: number,
): Promise<number> {
  const old = query
    .selectFrom(table)
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('at', '<', before.getTime())
    .orderBy('at')
    .orderBy('id')
    .limit(most);
  const { numDeletedRows } = await query
    .deleteFrom(table)
    .where('tenant_id', '=', tenantId)
    .where('id', 'in', old)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
