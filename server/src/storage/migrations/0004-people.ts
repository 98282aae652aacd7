import type { Kysely } from 'kysely';
import type { Columns } from '../engine.ts';

/** What end users see and do besides signing in: the look of pages, accepted terms, messages on their way. */
export async function people(db: Kysely<unknown>, { key, clustered }: Columns): Promise<void> {
  const { schema } = db;

  await schema
    .createTable('tenant_branding')
    .addColumn('tenant_id', key, (column) => column.notNull().primaryKey())
    .addColumn('definition', 'text', (column) => column.notNull())
    .addColumn('logo', 'text')
    .addColumn('icon', 'text')
    .execute();

  await schema
    .createTable('accepted_terms')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('user_id', key, (column) => column.notNull())
    .addColumn('version', key, (column) => column.notNull())
    .addColumn('accepted_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('accepted_terms_key', ['tenant_id', 'user_id', 'version'])
    .modifyEnd(clustered)
    .execute();

  await schema
    .createTable('outgoing_message')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('sealed_message', 'text', (column) => column.notNull())
    .addColumn('tries', 'integer', (column) => column.notNull())
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('outgoing_message_key', ['tenant_id', 'id'])
    .execute();
  await schema.createIndex('outgoing_message_due').on('outgoing_message').column('due_at').execute();
}
