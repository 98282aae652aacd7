import { hash } from 'node:crypto';

/** What is kept of a value that only its holder may know. The provider makes them with 256 random bits. */
export function digestOf(value: string): string {
  return hash('sha256', value, 'base64url');
}
