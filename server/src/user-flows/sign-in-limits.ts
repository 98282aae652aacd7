import { createHash } from 'node:crypto';
import { fold, type PasswordPolicy } from '../directory/index.ts';
import type { Counted } from './attempts.ts';
import { limitedAddress } from './limited-address.ts';

const minute = 60;
const hour = 60 * minute;

interface Tried {
  /** Id of the user, or a digest of the name that nobody has. */
  account: string;
  address: string;
  /** Digest of the browser, when the user has signed in there before. */
  browser: string | undefined;
}

/**
 * What counts wrong passwords. Somebody who guesses from one address locks out that address first. Guesses from many
 * addresses make everybody wait who uses an unknown browser, for a quarter of an hour at most; the owner, in a browser in
 * which he has signed in before, waits only for his own mistakes (OWASP Authentication Cheat Sheet, "device cookies").
 *
 * @param policy  of the tenant: how many failures are free, and how long the first pause is
 * @returns everything that counts the try, and what of it a success clears
 */
export function signInLimits(
  { account, address: from, browser }: Tried,
  { lockoutThreshold: free, lockoutDurationInSeconds: firstPauseSeconds }: PasswordPolicy,
): { counted: Counted[]; own: Counted[] } {
  const upTo = (longest: number) => Math.max(longest, firstPauseSeconds);
  const address = limitedAddress(from);
  if (browser !== undefined) {
    const inBrowser: Counted = {
      key: `password ${account} in ${browser}`,
      limit: { free, firstPauseSeconds, longestPauseSeconds: upTo(15 * minute) },
    };
    return { counted: [inBrowser], own: [inBrowser] };
  }
  const fromAddress: Counted = {
    key: `password ${account} from ${address}`,
    limit: { free, firstPauseSeconds, longestPauseSeconds: upTo(hour) },
  };
  const ofAccount: Counted = {
    key: `password ${account}`,
    limit: { free: 5 * free, firstPauseSeconds, longestPauseSeconds: upTo(15 * minute) },
  };
  const ofAddress: Counted = {
    key: `password from ${address}`,
    limit: { free: 200, firstPauseSeconds: minute, longestPauseSeconds: hour },
  };
  return { counted: [fromAddress, ofAccount, ofAddress], own: [fromAddress] };
}

/** What counts wrong passwords of somebody who is signed in already and gives the present one. */
export function presentPasswordLimits(userId: string): Counted[] {
  return [
    {
      key: `present password ${userId}`,
      limit: { free: 10, firstPauseSeconds: minute, longestPauseSeconds: hour },
    },
  ];
}

/** Stands for a name that nobody has, so that such names are counted as well and their text is not kept. */
export function digestOfName(name: string): string {
  return `name ${createHash('sha256').update(fold(name.trim())).digest('base64url')}`;
}
