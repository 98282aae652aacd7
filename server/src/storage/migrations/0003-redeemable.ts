import { type Kysely, sql } from 'kysely';
import type { Columns } from '../engine.ts';

/** What was issued to be redeemed, and ids of messages that were used. */
export async function redeemable(db: Kysely<unknown>, { key, clustered }: Columns): Promise<void> {
  const { schema } = db;

  await schema
    .createTable('redeemable')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('kind', key, (column) => column.notNull())
    .addColumn('digest', key, (column) => column.notNull())
    .addColumn('family_digest', key)
    .addColumn('alias_digest', key)
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('redeemed_at', 'bigint')
    .addPrimaryKeyConstraint('redeemable_key', ['tenant_id', 'kind', 'digest'])
    .modifyEnd(clustered)
    .execute();
  await schema
    .createIndex('redeemable_family')
    .on('redeemable')
    .columns(['tenant_id', 'family_digest'])
    .where(sql.ref('family_digest'), 'is not', null)
    .execute();
  await schema
    .createIndex('redeemable_alias')
    .on('redeemable')
    .columns(['tenant_id', 'kind', 'alias_digest'])
    .where(sql.ref('alias_digest'), 'is not', null)
    .unique()
    .execute();
  await schema.createIndex('redeemable_expires').on('redeemable').column('expires_at').execute();

  await schema
    .createTable('used_id')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('used_id_key', ['tenant_id', 'id'])
    .modifyEnd(clustered)
    .execute();
  await schema.createIndex('used_id_until').on('used_id').column('until').execute();
}
