import { createHash } from 'node:crypto';

/** What is kept of a value that only its holder may know. The provider makes them with 256 random bits. */
export function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}
