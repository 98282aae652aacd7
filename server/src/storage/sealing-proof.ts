import type { Engine, Query } from './engine.ts';
import { type SealedPlace, type Sealing, SealingKeyError } from './sealing.ts';

/** Where a database keeps a sealed text that shows which key its secrets need. */
export const sealingProof = 'sealing_proof';
const place: SealedPlace = { table: 'meta', tenantId: '', id: sealingProof };

/**
 * Makes sure that the sealing key is the one of this database, before anything is sealed with a wrong one. The first
 * start decides which key it is.
 *
 * @throws SealingKeyError
 */
export async function checkSealingKey(engine: Engine, sealing: Sealing): Promise<void> {
  await engine.write(async (query) => {
    await engine.lock(query, sealingProof);
    const sealed = await findSealingProof(query);
    if (sealed === undefined) {
      await query
        .insertInto('meta')
        .values({ name: sealingProof, value: newProof(sealing) })
        .execute();
    } else {
      openSealingProof(sealing, sealed);
    }
  });
}

/**
 * As `checkSealingKey`, for a database that nothing may be written to.
 *
 * @throws SealingKeyError
 */
export async function verifySealingKey(engine: Engine, sealing: Sealing): Promise<void> {
  const sealed = await findSealingProof(engine.reader);
  if (sealed !== undefined) openSealingProof(sealing, sealed);
}

/** Makes the current key the one that the database asks for. Nothing may be sealed with another one any more. */
export async function renewSealingProof(engine: Engine, sealing: Sealing): Promise<void> {
  await engine.write((query) =>
    query
      .updateTable('meta')
      .set({ value: newProof(sealing) })
      .where('name', '=', sealingProof)
      .execute(),
  );
}

function newProof(sealing: Sealing): string {
  return sealing.seal(place, 'countersign');
}

/** The proof that a database or a backup keeps; undefined before the first start. */
export async function findSealingProof(query: Query): Promise<string | undefined> {
  const row = await query.selectFrom('meta').select('value').where('name', '=', sealingProof).executeTakeFirst();
  return row?.value;
}

/** @throws SealingKeyError when the proof was sealed with another key. */
export function openSealingProof(sealing: Sealing, sealed: string): void {
  try {
    sealing.open(place, sealed);
  } catch (cause) {
    throw new SealingKeyError(
      'The sealing key is not the one with which this database was sealed: set COUNTERSIGN_SEALING_KEY to that key, or put its file `sealing-key` back into the data folder.',
      { cause },
    );
  }
}
