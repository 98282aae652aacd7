import type { KeyAlgorithm, SigningAlgorithm } from './signer.ts';
import type { SigningKey } from './store.ts';

/**
 * A key is published from its making on, and its times alone say what it does, so that every process switches to the
 * next key without being told:
 *
 *   next ──signsFrom──> signing ──signsUntil──> last ──publishedUntil──> expired
 *
 * `next` and `last` are published without signing; an expired key is no longer published.
 */
export type KeyPhase = 'next' | 'signing' | 'last' | 'expired';

/** How long keys sign, in milliseconds. */
export interface KeyPolicy {
  /** How long a key is published before it signs: longer than anybody keeps a copy of the keys without asking again. */
  publishedAhead: number;
  /** How long it signs. */
  signs: number;
  /** How long it stays published afterwards: the life of the longest token, and some for clocks that differ. */
  publishedAfter: number;
}

const hour = 3_600_000;

/** Clients fetch keys at least once a day; no token of ours lives longer than a day. */
export const defaultKeyPolicy: KeyPolicy = {
  publishedAhead: 48 * hour,
  signs: 90 * 24 * hour,
  publishedAfter: 25 * hour,
};

export function decideKeyPhase(key: SigningKey, now: Date): KeyPhase {
  if (key.publishedUntil !== null && now >= key.publishedUntil) return 'expired';
  if (now < key.signsFrom) return 'next';
  return key.signsUntil === null || now < key.signsUntil ? 'signing' : 'last';
}

/** Whether the key signs; to others, one encrypts. */
export function isForSigning(key: SigningKey): key is SigningKey & { algorithm: SigningAlgorithm } {
  return key.algorithm !== 'RSA-OAEP';
}

/** The key to sign with now. Undefined when the tenant needs one made. */
export function chooseSigningKey(
  keys: readonly SigningKey[],
  algorithm: KeyAlgorithm,
  now: Date,
): SigningKey | undefined {
  const published = keys
    .filter((key) => key.algorithm === algorithm && decideKeyPhase(key, now) !== 'expired')
    .sort((a, b) => a.signsFrom.getTime() - b.signsFrom.getTime());
  const signing = published.findLast((key) => decideKeyPhase(key, now) === 'signing');
  // Between the times of a clock that was set back there may be no key that signs, but one that is published.
  return signing ?? published[0];
}

/** A newest key that began to sign before this time needs the next one published now, so that it takes over in time. */
export function rotationDueBefore(now: Date, policy: KeyPolicy): Date {
  return new Date(now.getTime() - policy.signs + policy.publishedAhead);
}
