import type { Kysely } from 'kysely';
import type { Columns } from '../engine.ts';

/** Applications that trust us by SAML 2.0 or WS-Federation, and the names that they know users by. */
export async function relyingParty({ schema }: Kysely<unknown>, { key, clustered }: Columns): Promise<void> {
  await schema
    .createTable('relying_party')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('service_principal_id', key, (column) => column.notNull())
    .addColumn('protocol', key, (column) => column.notNull())
    .addColumn('identifier', key, (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('relying_party_key', ['tenant_id', 'service_principal_id'])
    .addUniqueConstraint('relying_party_identifier', ['tenant_id', 'protocol', 'identifier'])
    .modifyEnd(clustered)
    .execute();

  await schema
    .createTable('persistent_name')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('service_principal_id', key, (column) => column.notNull())
    .addColumn('user_id', key, (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('persistent_name_key', ['tenant_id', 'service_principal_id', 'user_id'])
    .modifyEnd(clustered)
    .execute();
}
