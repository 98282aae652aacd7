import type { Kysely } from 'kysely';

/** What administrators of sign-in need besides. */
export async function signInAdministration(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('extension_property').addColumn('description', 'text').execute();
}
