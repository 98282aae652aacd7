import type { Kysely } from 'kysely';
import type { Columns } from '../engine.ts';

/** What sign-ins by federation protocols went through. */
export async function signInTrace({ schema }: Kysely<unknown>, { key, clustered }: Columns): Promise<void> {
  await schema
    .createTable('sign_in_trace')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('sign_in_id', key)
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('sign_in_trace_key', ['tenant_id', 'id'])
    .modifyEnd(clustered)
    .execute();
  await schema.createIndex('sign_in_trace_at').on('sign_in_trace').columns(['tenant_id', 'at', 'id']).execute();
  await schema
    .createIndex('sign_in_trace_by_sign_in')
    .on('sign_in_trace')
    .columns(['tenant_id', 'sign_in_id'])
    .execute();
}
