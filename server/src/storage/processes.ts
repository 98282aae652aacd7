import { sql } from 'kysely';
import type { ProcessRegister } from '../jobs/index.ts';
import type { Engine, Query } from './engine.ts';

export function processRegister(engine: Engine, query: Query): ProcessRegister {
  return {
    async announce({ id, host, pid, version, startedAt }, seconds) {
      const row = { host, pid, version, started_at: startedAt.getTime() };
      const alive_until = sql<number>`${engine.clock()} + ${seconds * 1000}`;
      await query.deleteFrom('server_process').where('alive_until', '<=', engine.clock()).execute();
      await query
        .insertInto('server_process')
        .values({ id, ...row, alive_until })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...row, alive_until }))
        .execute();
    },

    async withdraw(id) {
      await query.deleteFrom('server_process').where('id', '=', id).execute();
    },

    async listAlive() {
      const rows = await query
        .selectFrom('server_process')
        .selectAll()
        .where('alive_until', '>', engine.clock())
        .orderBy('started_at')
        .execute();
      return rows.map(({ id, host, pid, version, started_at }) => {
        return { id, host, pid, version, startedAt: new Date(started_at) };
      });
    },
  };
}
