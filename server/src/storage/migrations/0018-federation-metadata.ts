import type { Kysely } from 'kysely';
import type { Columns } from '../engine.ts';

/** Metadata that is fetched again and again, and the warnings of certificates that end. */
export async function federationMetadata({ schema }: Kysely<unknown>, { key, clustered }: Columns): Promise<void> {
  await schema
    .createTable('followed_metadata')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('kind', key, (column) => column.notNull())
    .addColumn('party_id', key, (column) => column.notNull())
    .addColumn('next_fetch_at', 'bigint', (column) => column.notNull())
    .addColumn('failing_since', 'bigint')
    .addColumn('document', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('followed_metadata_key', ['tenant_id', 'kind', 'party_id'])
    .modifyEnd(clustered)
    .execute();
  await schema
    .createIndex('followed_metadata_next_fetch')
    .on('followed_metadata')
    .columns(['next_fetch_at', 'tenant_id'])
    .execute();

  await schema
    .createTable('certificate_warning')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('kind', key, (column) => column.notNull())
    .addColumn('party_id', key, (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .addColumn('days', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('certificate_warning_key', ['tenant_id', 'kind', 'party_id'])
    .modifyEnd(clustered)
    .execute();
}
