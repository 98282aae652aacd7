import type { Kysely } from 'kysely';
import type { Columns } from '../engine.ts';

/** Claims rules that trusts share, and which trust includes which. */
export async function ruleGroups({ schema }: Kysely<unknown>, { key, clustered }: Columns): Promise<void> {
  await schema
    .createTable('rule_group')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('rule_group_key', ['tenant_id', 'id'])
    .modifyEnd(clustered)
    .execute();

  await schema
    .createTable('rule_group_use')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('party_id', key, (column) => column.notNull())
    .addColumn('party_kind', key, (column) => column.notNull())
    .addColumn('group_id', key, (column) => column.notNull())
    .addColumn('party_name', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('rule_group_use_key', ['tenant_id', 'party_id', 'party_kind', 'group_id'])
    .modifyEnd(clustered)
    .execute();
  await schema.createIndex('rule_group_use_by_group').on('rule_group_use').columns(['tenant_id', 'group_id']).execute();
}
