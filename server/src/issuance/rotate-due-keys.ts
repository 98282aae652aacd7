import type { Act } from '../audit/index.ts';
import { defaultKeyPolicy, type KeyPolicy, rotationDueBefore } from './decide-key-phase.ts';
import { makeSigningKey } from './make-signing-key.ts';
import { rotateSigningKey, type SigningKeyStores } from './rotate-signing-key.ts';

/** As much of the database as keys need. */
export interface SigningKeyStorage {
  readonly read: Pick<SigningKeyStores, 'signingKeys'>;
  write<Result>(work: (stores: SigningKeyStores) => Promise<Result>): Promise<Result>;
}

/** Tenants whose keys are looked at together. */
const batch = 50;

/**
 * Publishes the next key of every tenant whose key is due, and removes keys that need not be published any more. Safe to
 * run twice or to stop half-way: what is done is no longer due.
 */
export async function rotateDueKeys(
  storage: SigningKeyStorage,
  act: Omit<Act, 'tenantId'>,
  signal: AbortSignal,
  policy: KeyPolicy = defaultKeyPolicy,
): Promise<void> {
  const { now } = act;
  const dueBefore = rotationDueBefore(now, policy);
  for (;;) {
    const due = await storage.read.signingKeys.listNewestBefore(dueBefore, batch);
    for (const { tenantId, key } of due) {
      if (signal.aborted) return;
      const made = await makeSigningKey(key.algorithm, tenantId, now);
      await storage.write((stores) => rotateSigningKey(stores, { ...act, tenantId }, made, policy));
    }
    if (due.length < batch) break;
  }
  for (;;) {
    const expired = await storage.read.signingKeys.listExpired(now, batch);
    if (expired.length === 0 || signal.aborted) return;
    await storage.write(async ({ signingKeys }) => {
      for (const { tenantId, key } of expired) await signingKeys.remove(tenantId, key.id);
    });
  }
}
