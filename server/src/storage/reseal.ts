import { sql } from 'kysely';
import type { Engine } from './engine.ts';
import type { Database } from './schema.ts';
import type { Sealing } from './sealing.ts';
import { renewSealingProof } from './sealing-proof.ts';

/** Every column that may hold sealed text, of tables whose rows are named by `tenant_id` and `id`. */
export const sealedColumns: readonly { table: keyof Database; column: string }[] = [
  { table: 'signing_key', column: 'sealed_private_key' },
  { table: 'sign_in', column: 'sealed_secret' },
  { table: 'authentication_method', column: 'sealed_secret' },
  { table: 'outgoing_message', column: 'sealed_message' },
  { table: 'provisioning_job', column: 'sealed_token' },
  { table: 'upstream_provider', column: 'sealed_secret' },
  { table: 'client_secret', column: 'sealed_text' },
];

/** Rows that are sealed again in one transaction. */
const batch = 100;

interface SealedRow {
  tenant_id: string;
  id: string;
  sealed: string;
}

/**
 * Seals everything with the current key that is still sealed with a previous one, so that the previous key can be
 * forgotten. Servers may run meanwhile when they know both keys. Safe to stop and run again.
 *
 * @returns how many texts were sealed again
 * @throws SealingKeyError when a text needs a key that is not given
 */
export async function resealAll(engine: Engine, sealing: Sealing): Promise<number> {
  let resealed = 0;
  for (const { table, column } of sealedColumns) {
    const [tableName, columnName] = [sql.table(table), sql.ref(column)];
    let after = { tenant_id: '', id: '' };
    for (;;) {
      const { rows } = await sql<SealedRow>`
        select tenant_id, id, ${columnName} as sealed from ${tableName}
        where (tenant_id, id) > (${after.tenant_id}, ${after.id}) and ${columnName} is not null
        order by tenant_id, id limit ${batch}`.execute(engine.reader);
      const last = rows.at(-1);
      if (!last) break;
      after = last;
      const old = rows.filter(({ sealed }) => !sealing.isCurrent(sealed));
      await engine.write(async (query) => {
        for (const { tenant_id, id, sealed } of old) {
          const place = { table, tenantId: tenant_id, id };
          // Unless somebody has changed the secret meanwhile, who then used the current key.
          await sql`
            update ${tableName} set ${columnName} = ${sealing.seal(place, sealing.open(place, sealed))}
            where tenant_id = ${tenant_id} and id = ${id} and ${columnName} = ${sealed}`.execute(query);
        }
      });
      resealed += old.length;
    }
  }
  await renewSealingProof(engine, sealing);
  return resealed;
}
