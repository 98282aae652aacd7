import { type Kysely, sql } from 'kysely';

/** Finds the tenants in which an application is registered, for requests that name no tenant. */
export async function applicationHome({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createIndex('directory_name_application')
    .on('directory_name')
    .columns(['name_key', 'tenant_id'])
    .where(sql.ref('space'), '=', sql.lit('application.appId'))
    .execute();
}
