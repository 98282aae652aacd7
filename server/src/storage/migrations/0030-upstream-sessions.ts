import type { Kysely } from 'kysely';
import type { Columns } from '../engine.ts';

/** Sessions are found by what identity providers call their own session, and not only by the person. */
export async function upstreamSessions({ schema }: Kysely<unknown>, { key }: Columns): Promise<void> {
  await schema.alterTable('session').addColumn('upstream_session_key', key).execute();
  await schema
    .createIndex('session_by_upstream_session')
    .on('session')
    .columns(['tenant_id', 'upstream_session_key'])
    .execute();
}
