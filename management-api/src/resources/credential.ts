import { z } from 'zod';
import { dateTime, guid, resource, text, texts } from './property.ts';

/** A certificate. Its `key` is written and never read back. https://learn.microsoft.com/graph/api/resources/keycredential */
export const keyCredential = z
  .strictObject({
    customKeyIdentifier: text,
    displayName: text,
    endDateTime: dateTime,
    key: text,
    keyId: guid.nullable(),
    startDateTime: dateTime,
    type: text,
    usage: text,
  })
  .partial();

/** A secret. `secretText` is shown once, when it is made. https://learn.microsoft.com/graph/api/resources/passwordcredential */
export const passwordCredential = z.object({
  '@odata.context': z.string().optional(),
  customKeyIdentifier: z.null(),
  displayName: text,
  endDateTime: dateTime,
  hint: text,
  keyId: z.string(),
  secretText: text,
  startDateTime: dateTime,
});

export const addPasswordRequest = z.strictObject({
  passwordCredential: z
    .strictObject({
      customKeyIdentifier: z.null(),
      displayName: text,
      endDateTime: dateTime,
      startDateTime: dateTime,
    })
    .partial()
    .nullish(),
});

export const removePasswordRequest = z.strictObject({ keyId: guid });

const credentialShape = { audiences: texts, description: text, issuer: text, name: text, subject: text };

/** https://learn.microsoft.com/graph/api/resources/federatedidentitycredential */
export const federatedIdentityCredential = resource('microsoft.graph.federatedIdentityCredential', credentialShape);

export const createFederatedIdentityCredentialRequest = z.strictObject({
  audiences: texts,
  description: text.optional(),
  issuer: z.string(),
  name: z.string(),
  subject: z.string(),
});

/** The name stays; it may be repeated. */
export const updateFederatedIdentityCredentialRequest = z.strictObject({
  audiences: texts.optional(),
  description: text.optional(),
  issuer: z.string().optional(),
  name: z.string().optional(),
  subject: z.string().optional(),
});
