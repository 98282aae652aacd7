import { sql } from 'kysely';
import type { Engine } from './engine.ts';
import type { Sealing } from './sealing.ts';
import { renewSealingProof } from './sealing-proof.ts';

/** Every column that holds sealed text, of tables whose rows are named by `tenant_id` and `id`. */
const sealedColumns = [{ table: 'signing_key', column: 'sealed_private_key' }] as const;

/** Rows that are sealed again in one transaction. */
const batch = 100;

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
    let after = { tenant_id: '', id: '' };
    for (;;) {
      const rows = await engine.reader
        .selectFrom(table)
        .select(['tenant_id', 'id', `${column} as sealed`])
        .where(sql<boolean>`(tenant_id, id) > (${after.tenant_id}, ${after.id})`)
        .orderBy('tenant_id')
        .orderBy('id')
        .limit(batch)
        .execute();
      const last = rows.at(-1);
      if (!last) break;
      after = last;
      const old = rows.filter(({ sealed }) => !sealing.isCurrent(sealed));
      await engine.write(async (query) => {
        for (const { tenant_id, id, sealed } of old) {
          const place = { table, tenantId: tenant_id, id };
          await query
            .updateTable(table)
            .set({ [column]: sealing.seal(place, sealing.open(place, sealed)) })
            .where('tenant_id', '=', tenant_id)
            .where('id', '=', id)
            // Unless somebody has changed the secret meanwhile, who then used the current key.
            .where(column, '=', sealed)
            .execute();
        }
      });
      resealed += old.length;
    }
  }
  await renewSealingProof(engine, sealing);
  return resealed;
}
