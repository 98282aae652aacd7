import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What is kept of a secret with 256 random bits, for which a fast digest is safe. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** The proof that a form came from our page in the browser of the sign-in: only that browser has the secret. */
export function formToken(browserSecret: string, signInId: string): string {
  return createHmac('sha256', browserSecret).update(`form of ${signInId}`).digest('base64url');
}

/** Takes the same time wherever the two differ. */
export function isFormToken(token: string, browserSecret: string, signInId: string): boolean {
  const [given, expected] = [Buffer.from(token), Buffer.from(formToken(browserSecret, signInId))];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
