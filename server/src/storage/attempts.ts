import type { AttemptStore } from '../user-flows/index.ts';
import type { Engine, Query } from './engine.ts';
import type { AttemptsTable } from './schema.ts';
import { statement } from './statement.ts';

export function attemptStore(query: Query, engine: Pick<Engine, 'lock' | 'run' | 'table'>): AttemptStore {
  const among = (keys: readonly string[]) =>
    engine.table(
      ['key'],
      keys.map((key) => [key]),
    );

  return {
    async claim(tenantId, keys) {
      // Not by locking rows, which may not be there yet.
      await engine.lock(query, ...keys.map((key) => `attempts ${tenantId} ${key}`));
      const { rows } = await engine.run<AttemptsTable>(
        query,
        statement`select * from attempts where tenant_id = ${tenantId} and key in (select key from ${among(keys)})`,
      );
      return new Map(rows.map((row) => [row.key, { count: row.count, lastAt: new Date(row.last_at) }]));
    },

    async save(tenantId, counted, forgottenAt) {
      if (counted.size === 0) return;
      const rows = [...counted].map(([key, { count, lastAt }]) => [key, String(count), String(lastAt.getTime())]);
      await engine.run(
        query,
        statement`
          insert into attempts (tenant_id, key, count, last_at, expires_at)
          select ${tenantId}, key, cast(count as integer), cast(last_at as bigint), cast(${forgottenAt.getTime()} as bigint)
          from ${engine.table(['key', 'count', 'last_at'], rows)} where true
          on conflict (tenant_id, key) do update
          set count = excluded.count, last_at = excluded.last_at, expires_at = excluded.expires_at`,
      );
    },

    async remove(tenantId, keys) {
      if (keys.length === 0) return;
      await engine.run(
        query,
        statement`delete from attempts where tenant_id = ${tenantId} and key in (select key from ${among(keys)})`,
      );
    },
  };
}
