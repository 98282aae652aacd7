import { type Kysely, sql } from 'kysely';
import type { Columns } from '../engine.ts';

/** What administrators of sign-in need besides: descriptions of attributes, and a sign-in log that can be searched. */
export async function signInAdministration(db: Kysely<unknown>, { key }: Columns): Promise<void> {
  const { schema } = db;
  await schema.alterTable('extension_property').addColumn('description', 'text').execute();

  for (const name of ['app_id', 'address']) {
    await schema
      .alterTable('sign_in_event')
      .addColumn(name, key, (column) => column.notNull().defaultTo(''))
      .execute();
  }
  for (const name of ['flow_key', 'failure']) {
    await schema.alterTable('sign_in_event').addColumn(name, key).execute();
  }
  for (const column of ['app_id', 'flow_key', 'address', 'correlation_id']) {
    await schema
      .createIndex(`sign_in_event_by_${column}`)
      .on('sign_in_event')
      .columns(['tenant_id', column, 'at', 'id'])
      .execute();
  }
  // Failures are few, and are what is looked for.
  await schema
    .createIndex('sign_in_event_failed')
    .on('sign_in_event')
    .columns(['tenant_id', 'failure', 'at', 'id'])
    .where(sql.ref('failure'), 'is not', null)
    .execute();
}
