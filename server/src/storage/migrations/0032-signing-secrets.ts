import type { Kysely } from 'kysely';

/** The text of secrets by which ID tokens are signed, sealed. */
export async function signingSecrets({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('client_secret').addColumn('sealed_text', 'text').execute();
}
