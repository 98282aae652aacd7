import type { Kysely } from 'kysely';
import type { Columns } from '../engine.ts';

/** The sign-in log tells tokens of programs and refreshes from sign-ins of people. */
export async function signInType({ schema }: Kysely<unknown>, { key }: Columns): Promise<void> {
  await schema
    .alterTable('sign_in_event')
    .addColumn('type', key, (column) => column.notNull().defaultTo('interactiveUser'))
    .execute();
  await schema
    .createIndex('sign_in_event_by_type')
    .on('sign_in_event')
    .columns(['tenant_id', 'type', 'at', 'id'])
    .execute();
}
