import type { Kysely } from 'kysely';
import type { Columns } from '../engine.ts';

/** Identity providers that tenants trust. */
export async function upstreamProvider({ schema }: Kysely<unknown>, { key, clustered }: Columns): Promise<void> {
  await schema
    .createTable('upstream_provider')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('issuer_key', key, (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .addColumn('sealed_secret', 'text')
    .addPrimaryKeyConstraint('upstream_provider_key', ['tenant_id', 'id'])
    .addUniqueConstraint('upstream_provider_issuer', ['tenant_id', 'issuer_key'])
    .modifyEnd(clustered)
    .execute();
}
