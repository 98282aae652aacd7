import { z } from 'zod';
import { dateTime, resource, text, texts } from './property.ts';

/** A browser in which a user is signed in. Microsoft Graph has nothing like it. */
export const session = resource('countersign.session', {
  /** How the user proved to be there, in order. */
  authenticationMethods: texts,
  createdDateTime: dateTime,
  /** Until when it lasts at most. */
  endsDateTime: dateTime,
  ipAddress: text,
  /** It outlives the window of the browser. */
  isPersistent: z.boolean(),
  lastUsedDateTime: dateTime,
  userAgent: text,
  /** It ends then unless it is used before. */
  validUntilDateTime: dateTime,
});
