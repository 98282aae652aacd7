import { createHmac, timingSafeEqual } from 'node:crypto';
import type { OAuthOptions } from './stores.ts';

/** Proof that a page is ours and was shown in this browser, for what it says: other sites cannot post in its place. */
export function pageToken(deriveKey: OAuthOptions['deriveKey'], browserSecret: string, ...said: string[]): string {
  return createHmac('sha256', deriveKey('device pages'))
    .update([browserSecret, ...said].join('\n'))
    .digest('base64url');
}

export function isPageToken(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
