import { z } from 'zod';
import { dateTime, text, texts } from './property.ts';

/** Where a party publishes its metadata. */
export const metadataSourceRequest = z.strictObject({
  url: z.string(),
  /** Which entity, when the document describes several. It is known from the first document on. */
  entityId: z.string().optional(),
  /** DER in base64: the document must carry a signature of its key. */
  signingCertificate: text.optional(),
});

/** What an identity provider and a relying party have in common, which both are trusted by metadata and certificates. */
export const metadataProperties = {
  /** Null: its metadata is not followed. */
  metadataSource: z.looseObject({ url: z.string(), entityId: z.string(), signingCertificate: text }).nullable(),
  metadataStatus: z
    .looseObject({
      fetchedAt: dateTime,
      /** When the metadata last changed the trust. */
      changedAt: dateTime,
      /** What the metadata says, such as `saml.singleLogout`; everything else is decided here. */
      settings: texts,
      nextFetchAt: dateTime,
      validUntil: dateTime,
      /** Why there is no newer metadata, and since when; the trust stays as it was until its validity ends. */
      problem: text,
      failingSince: dateTime,
    })
    .nullable(),
  /** The metadata is past its validity: the trust counts again with other metadata, or when it is followed no more. */
  isMetadataExpired: z.boolean().nullable(),
  /** When the last of its certificates ends, for the purpose for which that comes first. */
  certificatesEndAt: dateTime,
};
