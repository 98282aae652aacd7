import { createHash } from 'node:crypto';

/**
 * Asks a service for the known hashes that begin with these five hexadecimal digits: lines of the other 35 digits, a colon,
 * and how often the password was seen. Rejects when there is no answer.
 */
export type RangeOf = (prefix: string) => Promise<string>;

/** Digits that the service gets to see. Hundreds of known passwords begin with each (k-anonymity). */
const shownDigits = 5;

/**
 * Whether a password is known from leaks, by the range protocol of Have I Been Pwned's Pwned Passwords, version 3
 * (https://haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange). The service learns neither the password nor its hash.
 */
export async function isCompromised(rangeOf: RangeOf, password: string): Promise<boolean> {
  const hash = createHash('sha1').update(password).digest('hex').toUpperCase();
  const rest = hash.slice(shownDigits);
  const lines = (await rangeOf(hash.slice(0, shownDigits))).split(/\r?\n/);
  // Lines that only pad the answer have the count 0.
  return lines.some((line) => {
    const [digits = '', count = '0'] = line.split(':');
    return digits.toUpperCase() === rest && Number(count) > 0;
  });
}
