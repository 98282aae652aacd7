import { z } from 'zod';
import { dateTime, resource, text } from './property.ts';

/** A key with which the tenant's tokens are signed. Its id is the `kid` of the tokens. */
export const signingKey = resource('countersign.signingKey', {
  algorithm: text,
  /** Self-signed, PEM. */
  certificate: text,
  createdDateTime: dateTime,
  /** From when to when it signs; null while it is the newest. */
  signsFromDateTime: dateTime,
  signsUntilDateTime: dateTime,
  /** Until when tokens that it signed are accepted; null while it signs. */
  publishedUntilDateTime: dateTime,
});

export const rotateKeyRequest = z.strictObject({ algorithm: z.enum(['RS256', 'ES256']).default('RS256') });
