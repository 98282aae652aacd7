import { z } from 'zod';
import { resource, texts } from './property.ts';

const settings = {
  /** Fewest characters of new passwords: 8 to 256. */
  minimumLength: z.int(),
  /** Words on which passwords must not be built. */
  bannedWords: texts,
  /** So many wrong passwords for an account from one address have no consequence. */
  lockoutThreshold: z.int(),
  /** How long the next try waits then; each further wrong password doubles it. */
  lockoutDurationInSeconds: z.int(),
};

/** Our own resource. In Microsoft Graph these are settings of the template "Password Rule Settings". */
export const passwordPolicy = resource('countersign.passwordPolicy', settings);

/** Each setting that is given replaces the present one. */
export const updatePasswordPolicyRequest = z.strictObject(settings).partial();
