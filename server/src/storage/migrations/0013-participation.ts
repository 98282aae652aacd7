import type { Kysely } from 'kysely';

/** How an application takes part in a session, as the endpoint wrote it that told the application of the person. */
export async function participation({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('session_application').addColumn('participation', 'text').execute();
}
