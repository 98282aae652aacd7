import { type Kysely, sql } from 'kysely';
import type { Columns } from '../engine.ts';

/** What the provisioning log is searched by besides ids: names, what went wrong, what was changed. */
export async function provisioningLogSearch({ schema }: Kysely<unknown>, { key }: Columns): Promise<void> {
  const text = (name: string) =>
    schema.alterTable('provisioning_log').addColumn(name, key, (column) => column.notNull().defaultTo(''));
  await text('source_name_key').execute();
  await text('changed_keys').execute();
  await schema.alterTable('provisioning_log').addColumn('problem_code', key).execute();
  await schema
    .createIndex('provisioning_log_source_name')
    .on('provisioning_log')
    .columns(['tenant_id', 'source_name_key', 'at', 'id'])
    .execute();
  await schema
    .createIndex('provisioning_log_problem')
    .on('provisioning_log')
    .columns(['tenant_id', 'problem_code', 'at', 'id'])
    .where(sql.ref('problem_code'), 'is not', null)
    .execute();
}
