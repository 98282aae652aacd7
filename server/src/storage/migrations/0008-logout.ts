import type { Kysely } from 'kysely';
import type { Columns } from '../engine.ts';

/** Who must be told when a session ends, and by which name they know us. */
export async function logout({ schema }: Kysely<unknown>, { key, clustered }: Columns): Promise<void> {
  await schema.alterTable('session_application').addColumn('issuer', 'text').execute();

  await schema
    .createTable('logout_notice')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('application_id', key, (column) => column.notNull())
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('user_id', key, (column) => column.notNull())
    .addColumn('session_id', key, (column) => column.notNull())
    .addColumn('tries', 'integer', (column) => column.notNull())
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('logout_notice_key', ['tenant_id', 'id'])
    .modifyEnd(clustered)
    .execute();
  await schema.createIndex('logout_notice_due').on('logout_notice').column('due_at').execute();
}
