import { z } from 'zod';
import { dateTime, resource, text, texts } from './property.ts';

const registered = { createdDateTime: dateTime, displayName: text, lastUsedDateTime: dateTime };

/** Something by which a user can prove who it is. https://learn.microsoft.com/graph/api/resources/authenticationmethod */
export const authenticationMethod = resource('microsoft.graph.authenticationMethod', {
  ...registered,
  emailAddress: text,
  phoneNumber: text,
});

/** https://learn.microsoft.com/graph/api/resources/passwordauthenticationmethod */
export const passwordMethod = resource('microsoft.graph.passwordAuthenticationMethod', {
  createdDateTime: dateTime,
  /** Never shown. */
  password: z.null(),
});

/** A mailbox that gets codes. https://learn.microsoft.com/graph/api/resources/emailauthenticationmethod */
export const emailMethod = resource('microsoft.graph.emailAuthenticationMethod', { emailAddress: text });

/** An authenticator app. https://learn.microsoft.com/graph/api/resources/softwareoathauthenticationmethod */
export const softwareOathMethod = resource('microsoft.graph.softwareOathAuthenticationMethod', {
  ...registered,
  /** Never shown. */
  secretKey: z.null(),
});

/** A passkey. https://learn.microsoft.com/graph/api/resources/fido2authenticationmethod */
export const fido2Method = resource('microsoft.graph.fido2AuthenticationMethod', {
  ...registered,
  isBackedUp: z.boolean(),
  /** Host name for which it was made. */
  relyingPartyId: text,
  transports: texts,
});

/** A phone that gets codes. https://learn.microsoft.com/graph/api/resources/phoneauthenticationmethod */
export const phoneMethod = resource('microsoft.graph.phoneAuthenticationMethod', {
  ...registered,
  phoneNumber: text,
  phoneType: text,
});

export const createPhoneMethodRequest = z.strictObject({
  '@odata.type': z.string().optional(),
  /** With the code of the country, such as `+44 2079460000`. */
  phoneNumber: z.string(),
  phoneType: z.literal('mobile').default('mobile'),
});

export const createEmailMethodRequest = z.strictObject({
  '@odata.type': z.string().optional(),
  emailAddress: z.string(),
});

/** https://learn.microsoft.com/graph/api/authenticationmethod-resetpassword */
export const resetPasswordRequest = z.strictObject({
  /** One is made when it is missing. */
  newPassword: z.string().nullish(),
  /** Ours: Microsoft Graph always asks for a new one. */
  requireChangeOnNextSignIn: z.boolean().default(true),
});

export const passwordResetResponse = z.object({
  '@odata.context': z.string().optional(),
  /** The one that was made; null when it was given. */
  newPassword: text,
});
