import type { Kysely } from 'kysely';
import type { Columns } from '../engine.ts';

/** Clients that register themselves, and the tokens that let them. */
export async function clientRegistration({ schema }: Kysely<unknown>, { key, clustered }: Columns): Promise<void> {
  await schema
    .createTable('initial_access_token')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('hint', 'text', (column) => column.notNull())
    .addColumn('digest', key, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('uses_left', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('initial_access_token_key', ['tenant_id', 'id'])
    .addUniqueConstraint('initial_access_token_digest', ['tenant_id', 'digest'])
    .modifyEnd(clustered)
    .execute();

  await schema
    .createTable('registered_client')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('app_id', key, (column) => column.notNull())
    .addColumn('application_id', key, (column) => column.notNull())
    .addColumn('token_digest', key, (column) => column.notNull())
    .addPrimaryKeyConstraint('registered_client_key', ['tenant_id', 'app_id'])
    .modifyEnd(clustered)
    .execute();
}
