import { createHash } from 'node:crypto';
import type { OneTimeCodeStore } from './store.ts';

/** What a code is for. A code for one purpose is nothing for another. */
export type CodePurpose = 'signUp' | 'passwordReset' | 'email' | 'newEmail' | 'sms' | 'phone';

/** How long a code is good: ten minutes. */
export const codeSeconds = 600;

/** How often a code may be guessed. */
const mostTries = 5;

interface Stores {
  oneTimeCodes: OneTimeCodeStore;
}

/** Where a code is good: in one sign-in, for one purpose. */
export interface CodePlace {
  tenantId: string;
  signInId: string;
  purpose: CodePurpose;
}

/**
 * Keeps a code that is sent to somebody, in place of the one before.
 *
 * @param code  null when nobody gets one: then every guess is wrong
 */
export async function keepCode(stores: Stores, place: CodePlace, code: string | null, now: Date): Promise<void> {
  const digest = code === null ? null : digestOf(place, code);
  await stores.oneTimeCodes.save(place, digest, new Date(now.getTime() + codeSeconds * 1000));
}

/** Takes a code once, and counts the try in any case. */
export function redeemCode(stores: Stores, place: CodePlace, code: string, now: Date): Promise<boolean> {
  return stores.oneTimeCodes.redeem(place, digestOf(place, code.replace(/\s/g, '')), mostTries, now);
}

/** Bound to its place, so that a digest that is copied to another row is worth nothing. */
function digestOf({ tenantId, signInId, purpose }: CodePlace, code: string): string {
  return createHash('sha256')
    .update(JSON.stringify([tenantId, signInId, purpose, code]))
    .digest('base64url');
}
