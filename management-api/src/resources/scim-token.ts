import { z } from 'zod';
import { dateTime, resource, text, texts } from './property.ts';

const scopes = z.array(z.enum(['users.read', 'users.write', 'groups.read', 'groups.write'])).min(1);
const dialect = z.enum(['tolerant', 'standard', 'entra', 'aws-identity-center']);
const contact = z.email().nullable();

/** The credential of a program that keeps the tenant's directory by SCIM. `secretText` is shown when it is made, and once. */
export const scimToken = resource('countersign.scimToken', {
  displayName: text,
  scopes: texts,
  dialect: text,
  /** E-mail address that is warned before the token expires. */
  contact: text,
  /** The beginning of the secret. */
  hint: text,
  createdDateTime: dateTime,
  expirationDateTime: dateTime,
  /** To the minute. */
  lastUsedDateTime: dateTime,
  /** Until when the secret before the last rotation is accepted. */
  previousExpirationDateTime: dateTime,
  secretText: text,
});

export const createScimTokenRequest = z.strictObject({
  displayName: z.string(),
  scopes: scopes.optional(),
  dialect: dialect.optional(),
  contact: contact.optional(),
  expirationDateTime: z.iso.datetime({ offset: true }).optional(),
});

export const updateScimTokenRequest = z.strictObject({
  displayName: z.string().optional(),
  scopes: scopes.optional(),
  dialect: dialect.optional(),
  contact: contact.optional(),
});

export const rotateScimTokenRequest = z.strictObject({
  /** Days for which the former secret is accepted, too. */
  overlapDays: z.number().min(0).optional(),
  expirationDateTime: z.iso.datetime({ offset: true }).optional(),
});

/** What the tenant decides about all SCIM clients. */
export const scimSettings = resource('countersign.scimSettings', {
  /** `delete`, from where a user can be restored for 30 days, or `deactivate`. */
  userDeletion: text,
});

export const updateScimSettingsRequest = z.strictObject({ userDeletion: z.enum(['delete', 'deactivate']).optional() });
