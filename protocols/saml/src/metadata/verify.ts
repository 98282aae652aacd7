import { type Digest, type SignatureTrust, verifySignature, type XmlElement } from '@countersign/xml';
import { readingLater, SamlStatusError } from '../errors.ts';
import { signedMetadataElements } from '../vocabulary.ts';
import type { Entity } from './entity.ts';

/** Verifies a signed metadata document and returns what was signed, to be parsed. Throws {@link SamlStatusError}. */
export async function verifyMetadata(document: XmlElement, trust: SignatureTrust, digest: Digest): Promise<XmlElement> {
  return readingLater(async () => {
    const { element } = await verifySignature(document, document, signedMetadataElements, trust, digest);
    return element;
  });
}

/**
 * The one entity to use: of this identifier, or the only one when none is given. Throws {@link SamlStatusError} when
 * it is missing, is there twice, or its metadata has expired (SAML Metadata 2.3.2).
 */
export function getEntity(entities: readonly Entity[], entityId: string | undefined, now: Date): Entity {
  const [entity, ...more] = entities.filter((candidate) => candidate.entityId === (entityId ?? candidate.entityId));
  if (!entity || more.length > 0) {
    const count = entity ? more.length + 1 : 0;
    throw new SamlStatusError('metadata.entity', `It describes ${count} entities "${entityId ?? ''}".`);
  }
  if (entity.validUntil && entity.validUntil.getTime() <= now.getTime()) {
    throw new SamlStatusError('metadata.expired', `It was valid until ${entity.validUntil.toISOString()}.`);
  }
  return entity;
}
