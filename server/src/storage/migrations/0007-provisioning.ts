import { type Kysely, sql } from 'kysely';
import type { Columns } from '../engine.ts';

/** Provisioning jobs, what they know of objects and memberships, and their log. */
export async function provisioning(db: Kysely<unknown>, { key, clustered }: Columns): Promise<void> {
  const { schema } = db;

  await schema
    .createTable('provisioning_job')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('service_principal_id', key, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('definition', 'text', (column) => column.notNull())
    .addColumn('wanted', key, (column) => column.notNull())
    .addColumn('control', 'text', (column) => column.notNull())
    .addColumn('progress', 'text', (column) => column.notNull())
    .addColumn('sealed_token', 'text')
    .addPrimaryKeyConstraint('provisioning_job_key', ['tenant_id', 'id'])
    .modifyEnd(clustered)
    .execute();

  await schema
    .createTable('provisioned_object')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('job_id', key, (column) => column.notNull())
    .addColumn('source_id', key, (column) => column.notNull())
    .addColumn('kind', key, (column) => column.notNull())
    .addColumn('target_id', key)
    .addColumn('state', key, (column) => column.notNull())
    .addColumn('digest', key)
    .addColumn('has_members_read', 'integer', (column) => column.notNull())
    .addColumn('due_at', 'bigint')
    .addColumn('mark', 'bigint', (column) => column.notNull())
    .addColumn('reading', 'integer', (column) => column.notNull())
    .addColumn('awaits_removal', 'integer', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('problem', 'text')
    .addPrimaryKeyConstraint('provisioned_object_key', ['tenant_id', 'job_id', 'source_id'])
    .modifyEnd(clustered)
    .execute();
  await schema
    .createIndex('provisioned_object_due')
    .on('provisioned_object')
    .columns(['tenant_id', 'job_id', 'kind', 'due_at'])
    .where(sql.ref('due_at'), 'is not', null)
    .execute();
  await schema
    .createIndex('provisioned_object_target')
    .on('provisioned_object')
    .columns(['tenant_id', 'job_id', 'target_id'])
    .where(sql.ref('target_id'), 'is not', null)
    .execute();

  await schema
    .createIndex('provisioned_object_awaiting')
    .on('provisioned_object')
    .columns(['tenant_id', 'job_id', 'awaits_removal'])
    .where(sql.ref('awaits_removal'), '=', 1)
    .execute();

  await schema
    .createTable('provisioned_member')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('job_id', key, (column) => column.notNull())
    .addColumn('group_id', key, (column) => column.notNull())
    .addColumn('member_id', key, (column) => column.notNull())
    .addColumn('is_sent', 'integer', (column) => column.notNull())
    .addColumn('due_at', 'bigint')
    .addColumn('mark', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('provisioned_member_key', ['tenant_id', 'job_id', 'group_id', 'member_id'])
    .modifyEnd(clustered)
    .execute();
  await schema
    .createIndex('provisioned_member_due')
    .on('provisioned_member')
    .columns(['tenant_id', 'job_id', 'due_at', 'group_id'])
    .where(sql.ref('due_at'), 'is not', null)
    .execute();
  await schema
    .createIndex('provisioned_member_member')
    .on('provisioned_member')
    .columns(['tenant_id', 'job_id', 'member_id'])
    .execute();

  await schema
    .createTable('provisioning_log')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('job_id', key, (column) => column.notNull())
    .addColumn('cycle_id', key, (column) => column.notNull())
    .addColumn('service_principal_id', key, (column) => column.notNull())
    .addColumn('action', key, (column) => column.notNull())
    .addColumn('status', key, (column) => column.notNull())
    .addColumn('source_id', key, (column) => column.notNull())
    .addColumn('target_id', key)
    .addColumn('detail', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('provisioning_log_key', ['tenant_id', 'id'])
    .modifyEnd(clustered)
    .execute();
  for (const by of ['job_id', 'cycle_id', 'source_id', 'target_id'] as const) {
    await schema
      .createIndex(`provisioning_log_${by}`)
      .on('provisioning_log')
      .columns(['tenant_id', by, 'at', 'id'])
      .execute();
  }
  await schema.createIndex('provisioning_log_at').on('provisioning_log').columns(['tenant_id', 'at', 'id']).execute();
}
