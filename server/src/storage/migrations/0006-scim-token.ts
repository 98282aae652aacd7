import { type Kysely, sql } from 'kysely';
import type { Columns } from '../engine.ts';

/** Tokens of SCIM clients. */
export async function scimToken(db: Kysely<unknown>, { key }: Columns): Promise<void> {
  const { schema } = db;

  await schema
    .createTable('scim_token')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('label_key', key, (column) => column.notNull())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('dialect', 'text', (column) => column.notNull())
    .addColumn('contact', 'text')
    .addColumn('hint', 'text', (column) => column.notNull())
    .addColumn('digest', key, (column) => column.notNull())
    .addColumn('previous_digest', key)
    .addColumn('previous_ends_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('last_used_at', 'bigint')
    .addColumn('warned_days', 'integer')
    .addPrimaryKeyConstraint('scim_token_key', ['tenant_id', 'id'])
    .execute();
  await schema.createIndex('scim_token_digest').on('scim_token').columns(['tenant_id', 'digest']).unique().execute();
  await schema
    .createIndex('scim_token_previous')
    .on('scim_token')
    .columns(['tenant_id', 'previous_digest'])
    .where(sql.ref('previous_digest'), 'is not', null)
    .execute();
  await schema.createIndex('scim_token_label').on('scim_token').columns(['tenant_id', 'label_key']).unique().execute();
  await schema.createIndex('scim_token_expires').on('scim_token').column('expires_at').execute();
}
