import { createHmac, timingSafeEqual } from 'node:crypto';

/** With which proofs may be signed. */
export const dpopAlgorithms: readonly string[] = ['RS256', 'PS256', 'ES256'];

/** Nonces for proofs (RFC 9449 9): nothing is kept, and every process knows those of the others. */
export interface DpopNonces {
  /** The one to be used from now on. */
  current(now: Date): string;
  /** Whether it is the current one or one of a few minutes ago. */
  isFresh(nonce: string, now: Date): boolean;
}

/** After this time another nonce comes, in milliseconds. */
const changesEvery = 60_000;
/** So many are good at one time. */
const mostFresh = 5;

/** @param key  32 bytes, the same in every process */
export function dpopNonces(key: Uint8Array): DpopNonces {
  const nonceOf = (turn: number) => createHmac('sha256', key).update(`DPoP nonce ${turn}`).digest('base64url');
  const turnOf = (now: Date) => Math.floor(now.getTime() / changesEvery);
  return {
    current: (now) => nonceOf(turnOf(now)),
    isFresh(nonce, now) {
      const given = Buffer.from(nonce);
      // The clock of another process may be ahead.
      const turns = Array.from({ length: mostFresh }, (_, ago) => turnOf(now) + 1 - ago);
      return turns.some((turn) => {
        const known = Buffer.from(nonceOf(turn));
        return given.length === known.length && timingSafeEqual(given, known);
      });
    },
  };
}
