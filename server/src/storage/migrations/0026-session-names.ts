import type { Kysely } from 'kysely';
import type { Columns } from '../engine.ts';

/** Sessions are found by the names under which applications and identity providers know their people. */
export async function sessionNames({ schema }: Kysely<unknown>, { key }: Columns): Promise<void> {
  await schema.alterTable('session').addColumn('upstream_key', key).execute();
  await schema.createIndex('session_by_upstream').on('session').columns(['tenant_id', 'upstream_key']).execute();
  await schema.alterTable('session_application').addColumn('name_key', key).execute();
  await schema
    .createIndex('session_application_by_name')
    .on('session_application')
    .columns(['tenant_id', 'application_id', 'name_key'])
    .execute();
}
