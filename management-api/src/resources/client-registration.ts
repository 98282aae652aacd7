import { z } from 'zod';
import { dateTime, resource, text } from './property.ts';

const mode = z.enum(['off', 'token', 'open']);
const mostClients = z.int().min(0).max(100_000);

/** Whether clients may register themselves (RFC 7591). Microsoft Graph has nothing like it. */
export const clientRegistrationPolicy = resource('countersign.clientRegistrationPolicy', {
  /** `off`; `token`: with an initial access token; `open`: everybody may. */
  mode,
  /** How many such clients there may be at a time. */
  mostClients,
});

export const updateClientRegistrationPolicyRequest = z.strictObject({
  mode: mode.optional(),
  mostClients: mostClients.optional(),
});

/** Lets its holder register clients. `secretText` is shown when it is made, and once. */
export const initialAccessToken = resource('countersign.initialAccessToken', {
  createdDateTime: dateTime,
  displayName: text,
  expirationDateTime: dateTime,
  /** The beginning of the secret. */
  hint: text,
  secretText: text,
  usesLeft: z.int(),
});

export const createInitialAccessTokenRequest = z.strictObject({
  displayName: z.string(),
  /** How long it works; 30 unless something is said. */
  days: z.number().optional(),
  /** How many clients may be registered with it; one unless something is said. */
  uses: z.int().optional(),
});
