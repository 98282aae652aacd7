import { z } from 'zod';
import { dateTime, resource, text } from './property.ts';

/**
 * A key with which the tenant's tokens are signed, and whose id is their `kid`; or, of the algorithm `RSA-OAEP`, one to
 * which identity providers encrypt theirs. Both roll over alike.
 */
export const signingKey = resource('countersign.signingKey', {
  algorithm: text,
  /** Self-signed, PEM. */
  certificate: text,
  createdDateTime: dateTime,
  /** From when to when it is the one in use; null while it is the newest. */
  signsFromDateTime: dateTime,
  signsUntilDateTime: dateTime,
  /** Until when tokens that were made with it are accepted; null while it is in use. */
  publishedUntilDateTime: dateTime,
});

export const rotateKeyRequest = z.strictObject({ algorithm: z.enum(['RS256', 'ES256', 'RSA-OAEP']).default('RS256') });
