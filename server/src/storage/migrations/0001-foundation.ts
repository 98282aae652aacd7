import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Columns } from '../engine.ts';

/** Tenants, directory, applications, keys, change feed and audit. */
export async function foundation(db: Kysely<unknown>, { key, clustered, sequence }: Columns): Promise<void> {
  const { schema } = db;

  await schema
    .createTable('meta')
    .addColumn('name', key, (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
  // Readers of the change feed keep it beside their place.
  await sql`insert into meta (name, value) values ('feed_id', ${randomUUID()})`.execute(db);

  await schema
    .createTable('lease')
    .addColumn('name', key, (column) => column.primaryKey())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .execute();

  await schema
    .createTable('server_process')
    .addColumn('id', key, (column) => column.primaryKey())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('pid', 'integer', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('alive_until', 'bigint', (column) => column.notNull())
    .execute();

  await schema
    .createTable('tenant')
    .addColumn('id', key, (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', key, (column) => column.notNull().unique())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .execute();

  await schema
    .createTable('tenant_domain')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('domain_key', key, (column) => column.notNull())
    .addColumn('is_initial', 'integer', (column) => column.notNull())
    .addColumn('is_default', 'integer', (column) => column.notNull())
    .addColumn('verified_at', 'bigint')
    .addPrimaryKeyConstraint('tenant_domain_key', ['tenant_id', 'domain_key'])
    .execute();
  await schema
    .createIndex('tenant_domain_verified')
    .on('tenant_domain')
    .column('domain_key')
    .where(sql.ref('verified_at'), 'is not', null)
    .unique()
    .execute();

  await schema
    .createTable('tenant_host')
    .addColumn('host_key', key, (column) => column.primaryKey())
    .addColumn('tenant_id', key, (column) => column.notNull())
    .execute();
  await schema.createIndex('tenant_host_of_tenant').on('tenant_host').columns(['tenant_id', 'host_key']).execute();

  await schema
    .createTable('directory_object')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('kind', key, (column) => column.notNull())
    .addColumn('attributes', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('modified_at', 'bigint', (column) => column.notNull())
    .addColumn('deleted_at', 'bigint')
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('directory_object_key', ['tenant_id', 'id'])
    .modifyEnd(clustered)
    .execute();
  await schema
    .createIndex('directory_object_living')
    .on('directory_object')
    // The last column makes the index cover what asks for living objects, without which SQLite does not use it.
    .columns(['tenant_id', 'kind', 'id', 'deleted_at'])
    .where(sql.ref('deleted_at'), 'is', null)
    .execute();
  await schema
    .createIndex('directory_object_deleted')
    .on('directory_object')
    .columns(['tenant_id', 'kind', 'deleted_at', 'id'])
    .where(sql.ref('deleted_at'), 'is not', null)
    .execute();
  await schema
    .createIndex('directory_object_deleted_at')
    .on('directory_object')
    .column('deleted_at')
    .where(sql.ref('deleted_at'), 'is not', null)
    .execute();

  await schema
    .createTable('directory_name')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('space', key, (column) => column.notNull())
    .addColumn('name_key', key, (column) => column.notNull())
    .addColumn('object_id', key, (column) => column.notNull())
    .addPrimaryKeyConstraint('directory_name_key', ['tenant_id', 'space', 'name_key'])
    .modifyEnd(clustered)
    .execute();

  await schema
    .createTable('directory_value')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('kind', key, (column) => column.notNull())
    .addColumn('attribute', key, (column) => column.notNull())
    .addColumn('value_key', key, (column) => column.notNull())
    .addColumn('object_id', key, (column) => column.notNull())
    .addPrimaryKeyConstraint('directory_value_key', ['tenant_id', 'kind', 'attribute', 'value_key', 'object_id'])
    .modifyEnd(clustered)
    .execute();
  await schema
    .createIndex('directory_value_of_object')
    .on('directory_value')
    .columns(['tenant_id', 'object_id', 'attribute', 'value_key'])
    .execute();

  await schema
    .createTable('directory_link')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('relation', key, (column) => column.notNull())
    .addColumn('from_id', key, (column) => column.notNull())
    .addColumn('to_kind', key, (column) => column.notNull())
    .addColumn('to_id', key, (column) => column.notNull())
    .addColumn('from_kind', key, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('directory_link_key', ['tenant_id', 'relation', 'from_id', 'to_kind', 'to_id'])
    .modifyEnd(clustered)
    .execute();
  await schema
    .createIndex('directory_link_back')
    .on('directory_link')
    .columns(['tenant_id', 'relation', 'to_id', 'from_kind', 'from_id'])
    .execute();

  await schema
    .createTable('group_closure')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('ancestor_id', key, (column) => column.notNull())
    .addColumn('descendant_id', key, (column) => column.notNull())
    .addColumn('paths', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('group_closure_key', ['tenant_id', 'ancestor_id', 'descendant_id'])
    .modifyEnd(clustered)
    .execute();
  await schema
    .createIndex('group_closure_back')
    .on('group_closure')
    .columns(['tenant_id', 'descendant_id', 'ancestor_id'])
    .execute();

  await schema
    .createTable('extension_property')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('application_id', key, (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', key, (column) => column.notNull())
    .addColumn('data_type', 'text', (column) => column.notNull())
    .addColumn('is_multi_valued', 'integer', (column) => column.notNull())
    .addColumn('target_kinds', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('extension_property_key', ['tenant_id', 'id'])
    .addUniqueConstraint('extension_property_name', ['tenant_id', 'name_key'])
    .execute();

  await schema
    .createTable('password_credential')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('user_id', key, (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('must_change', 'integer', (column) => column.notNull())
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('password_credential_key', ['tenant_id', 'user_id'])
    .execute();

  await schema
    .createTable('client_secret')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('object_id', key, (column) => column.notNull())
    .addColumn('display_name', 'text')
    .addColumn('hint', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('starts_at', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('client_secret_key', ['tenant_id', 'object_id', 'id'])
    .execute();

  await schema
    .createTable('federated_credential')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('object_id', key, (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', key, (column) => column.notNull())
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('audiences', 'text', (column) => column.notNull())
    .addColumn('description', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('federated_credential_key', ['tenant_id', 'object_id', 'id'])
    .addUniqueConstraint('federated_credential_name', ['tenant_id', 'object_id', 'name_key'])
    .execute();

  await schema
    .createTable('permission_grant')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('client_id', key, (column) => column.notNull())
    .addColumn('principal_id', key, (column) => column.notNull())
    .addColumn('resource_id', key, (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('permission_grant_key', ['tenant_id', 'id'])
    .addUniqueConstraint('permission_grant_once', ['tenant_id', 'client_id', 'principal_id', 'resource_id'])
    .execute();
  await schema
    .createIndex('permission_grant_of_principal')
    .on('permission_grant')
    .columns(['tenant_id', 'principal_id', 'id'])
    .execute();
  await schema
    .createIndex('permission_grant_of_resource')
    .on('permission_grant')
    .columns(['tenant_id', 'resource_id', 'id'])
    .execute();

  await schema
    .createTable('app_role_assignment')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('app_role_id', key, (column) => column.notNull())
    .addColumn('principal_id', key, (column) => column.notNull())
    .addColumn('principal_kind', key, (column) => column.notNull())
    .addColumn('resource_id', key, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('app_role_assignment_key', ['tenant_id', 'id'])
    .addUniqueConstraint('app_role_assignment_once', ['tenant_id', 'principal_id', 'resource_id', 'app_role_id'])
    .execute();
  await schema
    .createIndex('app_role_assignment_of_resource')
    .on('app_role_assignment')
    .columns(['tenant_id', 'resource_id', 'id'])
    .execute();

  await schema
    .createTable('directory_role_assignment')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('role_id', key, (column) => column.notNull())
    .addColumn('principal_id', key, (column) => column.notNull())
    .addColumn('principal_kind', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('directory_role_assignment_key', ['tenant_id', 'id'])
    .addUniqueConstraint('directory_role_assignment_once', ['tenant_id', 'principal_id', 'role_id'])
    .execute();

  await schema
    .createTable('signing_key')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('algorithm', 'text', (column) => column.notNull())
    .addColumn('public_jwk', 'text', (column) => column.notNull())
    .addColumn('certificate', 'text', (column) => column.notNull())
    .addColumn('sealed_private_key', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('signs_from', 'bigint', (column) => column.notNull())
    .addColumn('signs_until', 'bigint')
    .addColumn('published_until', 'bigint')
    .addPrimaryKeyConstraint('signing_key_key', ['tenant_id', 'id'])
    .execute();
  await schema.createIndex('signing_key_newest').on('signing_key').columns(['signs_until', 'signs_from']).execute();
  await schema.createIndex('signing_key_expired').on('signing_key').columns(['published_until']).execute();

  await schema
    .createTable('change')
    .addColumn('sequence', sequence)
    .addColumn('transaction_id', 'bigint', (column) => column.notNull())
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('object_id', key, (column) => column.notNull())
    .addColumn('verb', 'text', (column) => column.notNull())
    .addColumn('detail', 'text')
    .execute();
  await schema.createIndex('change_order').on('change').columns(['transaction_id', 'sequence']).execute();
  await schema
    .createIndex('change_of_tenant')
    .on('change')
    .columns(['tenant_id', 'transaction_id', 'sequence'])
    .execute();
  await schema.createIndex('change_at').on('change').columns(['at']).execute();

  await schema
    .createTable('audit_event')
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor_kind', 'text', (column) => column.notNull())
    .addColumn('actor_id', key)
    .addColumn('actor_name', 'text')
    .addColumn('verb', key, (column) => column.notNull())
    .addColumn('object_kind', 'text', (column) => column.notNull())
    .addColumn('object_id', key)
    .addColumn('object_name', 'text')
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('changes', 'text')
    .addColumn('correlation_id', key, (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_event_key', ['tenant_id', 'id'])
    .modifyEnd(clustered)
    .execute();
  await schema.createIndex('audit_event_at').on('audit_event').columns(['tenant_id', 'at', 'id']).execute();
  await schema
    .createIndex('audit_event_of_object')
    .on('audit_event')
    .columns(['tenant_id', 'object_id', 'at'])
    .execute();
  await schema.createIndex('audit_event_of_actor').on('audit_event').columns(['tenant_id', 'actor_id', 'at']).execute();
  await schema
    .createIndex('audit_event_of_correlation')
    .on('audit_event')
    .columns(['tenant_id', 'correlation_id'])
    .execute();
}
