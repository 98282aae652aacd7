// What the tests of durability write and look for.
import assert from 'node:assert/strict';
import type { Engine } from '../../src/storage/index.ts';

/** Two rows in one transaction, which must be there together or not at all. */
export async function writePair(engine: Engine, id: string): Promise<void> {
  await engine.write(async (query) => {
    await query.insertInto('tenant_host').values({ host_key: id, tenant_id: 'tenant' }).execute();
    await query
      .insertInto('meta')
      .values({ name: `test ${id}`, value: id })
      .execute();
  });
}

/** Every acknowledged id is there, and every row has its other half. */
export async function checkPairs(engine: Engine, acknowledged: readonly string[]): Promise<void> {
  const hosts = await engine.reader.selectFrom('tenant_host').select('host_key').execute();
  const values = await engine.reader.selectFrom('meta').select('value').where('name', 'like', 'test %').execute();
  const kept = new Set(hosts.map((row) => row.host_key));
  assert.deepEqual(
    acknowledged.filter((id) => !kept.has(id)),
    [],
    'acknowledged and lost',
  );
  assert.deepEqual(new Set(values.map((row) => row.value)), kept, 'half a transaction');
}
