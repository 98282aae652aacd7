import { sql } from 'kysely';
import type { LeaseStore } from '../jobs/index.ts';
import type { Engine, Query } from './engine.ts';

export function leaseStore(engine: Engine, query: Query): LeaseStore {
  return {
    async take(name, owner, seconds) {
      const until = sql<number>`${engine.clock()} + ${seconds * 1000}`;
      // One statement decides: whoever comes second finds the row as the first left it.
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('lease')
        .values({ name, owner, until })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ owner, until })
            .where((is) => is.or([is('lease.owner', '=', owner), is('lease.until', '<=', engine.clock())])),
        )
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },

    async release(name, owner) {
      await query.deleteFrom('lease').where('name', '=', name).where('owner', '=', owner).execute();
    },
  };
}
