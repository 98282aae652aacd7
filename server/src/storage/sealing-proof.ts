import type { Engine, Query } from './engine.ts';
import { type SealedPlace, type Sealing, SealingKeyError } from './sealing.ts';

/** Where a database keeps a sealed text that shows which key its secrets need. */
const proof = 'sealing_proof';
const place: SealedPlace = { table: 'meta', tenantId: '', id: proof };

/**
 * Makes sure that the sealing key is the one of this database, before anything is sealed with a wrong one. The first
 * start decides which key it is.
 *
 * @throws SealingKeyError
 */
export async function checkSealingKey(engine: Engine, sealing: Sealing): Promise<void> {
  await engine.write(async (query) => {
    await engine.lock(query, proof);
    const sealed = await findSealingProof(query);
    if (sealed === undefined) {
      await query
        .insertInto('meta')
        .values({ name: proof, value: sealing.seal(place, 'countersign') })
        .execute();
    } else {
      openSealingProof(sealing, sealed);
    }
  });
}

/** The proof that a database or a backup keeps; undefined before the first start. */
export async function findSealingProof(query: Query): Promise<string | undefined> {
  const row = await query.selectFrom('meta').select('value').where('name', '=', proof).executeTakeFirst();
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
