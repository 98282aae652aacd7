import type { Kysely } from 'kysely';

/** Memberships of whose change a target was told that did not answer. */
export async function uncertainMembers({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .alterTable('provisioned_member')
    .addColumn('is_uncertain', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
