import { sql } from 'kysely';
import type { ExpiredStore } from '../sign-in/index.ts';
import type { Query } from './engine.ts';
import type { Database } from './schema.ts';

/** Tables whose rows mean nothing any more after a time, with the column of that time. */
const expiring = [
  ['sign_in', 'expires_at'],
  ['sign_in_result', 'expires_at'],
  ['session', 'valid_until'],
  ['known_browser', 'expires_at'],
  ['attempts', 'expires_at'],
  ['one_time_code', 'expires_at'],
] as const satisfies (readonly [keyof Database, string])[];

export function expiredStore(query: Query): ExpiredStore {
  return {
    async remove(before) {
      for (const [table, column] of expiring) {
        await query
          .deleteFrom(table as 'sign_in')
          .where(column as 'expires_at', '<=', before.getTime())
          .execute();
      }
      const ofLiving = sql<boolean>`not exists (select 1 from session where session.tenant_id = session_application.tenant_id and session.id = session_application.session_id)`;
      await query.deleteFrom('session_application').where(ofLiving).execute();
    },
  };
}
