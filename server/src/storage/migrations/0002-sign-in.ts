import type { Kysely } from 'kysely';
import type { Columns } from '../engine.ts';

/** Flows, sign-ins under way, sessions, the sign-in log, and what counts failures. */
export async function signIn(db: Kysely<unknown>, { key, clustered }: Columns): Promise<void> {
  const { schema } = db;

  await schema
    .createTable('user_flow')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('name_key', key, (column) => column.notNull())
    .addColumn('definition', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('user_flow_key', ['tenant_id', 'name_key'])
    .execute();

  await schema
    .createTable('sign_in')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('browser_digest', key, (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('sealed_secret', 'text')
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('sign_in_key', ['tenant_id', 'id'])
    .modifyEnd(clustered)
    .execute();
  await schema.createIndex('sign_in_expires').on('sign_in').column('expires_at').execute();

  await schema
    .createTable('sign_in_result')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('secret_digest', key, (column) => column.notNull())
    .addColumn('browser_digest', key, (column) => column.notNull())
    .addColumn('result', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('sign_in_result_key', ['tenant_id', 'secret_digest'])
    .modifyEnd(clustered)
    .execute();
  await schema.createIndex('sign_in_result_expires').on('sign_in_result').column('expires_at').execute();

  await schema
    .createTable('session')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('user_id', key, (column) => column.notNull())
    .addColumn('secret_digest', key)
    .addColumn('factors', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_used_at', 'bigint', (column) => column.notNull())
    .addColumn('valid_until', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .addColumn('is_kept', 'integer', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('user_agent', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('session_key', ['tenant_id', 'id'])
    .addUniqueConstraint('session_secret', ['tenant_id', 'secret_digest'])
    .modifyEnd(clustered)
    .execute();
  await schema.createIndex('session_of_user').on('session').columns(['tenant_id', 'user_id']).execute();
  await schema.createIndex('session_valid_until').on('session').column('valid_until').execute();

  await schema
    .createTable('session_application')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('session_id', key, (column) => column.notNull())
    .addColumn('application_id', key, (column) => column.notNull())
    .addColumn('flow', key, (column) => column.notNull())
    .addColumn('last_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('session_application_key', ['tenant_id', 'session_id', 'application_id', 'flow'])
    .modifyEnd(clustered)
    .execute();

  await schema
    .createTable('known_browser')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('user_id', key, (column) => column.notNull())
    .addColumn('browser_digest', key, (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('known_browser_key', ['tenant_id', 'user_id', 'browser_digest'])
    .modifyEnd(clustered)
    .execute();
  await schema.createIndex('known_browser_expires').on('known_browser').column('expires_at').execute();

  await schema
    .createTable('attempts')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('key', key, (column) => column.notNull())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addColumn('last_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('attempts_key', ['tenant_id', 'key'])
    .modifyEnd(clustered)
    .execute();
  await schema.createIndex('attempts_expires').on('attempts').column('expires_at').execute();

  await schema
    .createTable('one_time_code')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('sign_in_id', key, (column) => column.notNull())
    .addColumn('purpose', key, (column) => column.notNull())
    .addColumn('digest', 'text')
    .addColumn('tries', 'integer', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('one_time_code_key', ['tenant_id', 'sign_in_id', 'purpose'])
    .modifyEnd(clustered)
    .execute();
  await schema.createIndex('one_time_code_expires').on('one_time_code').column('expires_at').execute();

  await schema
    .createTable('authentication_method')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('user_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('credential_id', key)
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('detail', 'text', (column) => column.notNull())
    .addColumn('sealed_secret', 'text')
    .addColumn('counter', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_used_at', 'bigint')
    .addPrimaryKeyConstraint('authentication_method_key', ['tenant_id', 'user_id', 'id'])
    .addUniqueConstraint('authentication_method_credential', ['tenant_id', 'credential_id'])
    .modifyEnd(clustered)
    .execute();

  await schema
    .createTable('recovery_code')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('user_id', key, (column) => column.notNull())
    .addColumn('digest', key, (column) => column.notNull())
    .addPrimaryKeyConstraint('recovery_code_key', ['tenant_id', 'user_id', 'digest'])
    .modifyEnd(clustered)
    .execute();

  await schema
    .createTable('sign_in_event')
    .addColumn('tenant_id', key, (column) => column.notNull())
    .addColumn('id', key, (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('user_id', key)
    .addColumn('application_id', key, (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('correlation_id', key, (column) => column.notNull())
    .addColumn('detail', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('sign_in_event_key', ['tenant_id', 'id'])
    .modifyEnd(clustered)
    .execute();
  await schema.createIndex('sign_in_event_at').on('sign_in_event').columns(['tenant_id', 'at', 'id']).execute();
  await schema
    .createIndex('sign_in_event_of_user')
    .on('sign_in_event')
    .columns(['tenant_id', 'user_id', 'at'])
    .execute();
}
