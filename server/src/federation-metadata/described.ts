import { type Entity, getEntity, parseMetadata, SamlStatusError } from '@countersign/saml';
import { WsFederationError } from '@countersign/ws-federation';
import { type XmlElement, XmlError } from '@countersign/xml';
import { refuse } from './errors.ts';

/** What a document says of a trust, and how long it may be believed. */
export interface Described<Input> {
  /** What it does not say is left out, so that a change of metadata keeps what administrators decided. */
  input: Input;
  entityId: string;
  validUntil: Date | null;
  /** How long a copy may be kept; null: not said. */
  cacheSeconds: number | null;
}

/**
 * Reads one entity of a document.
 *
 * @param entityId  which, when it describes several
 * @throws Refusal `federation-metadata.unusable`, also when its time is over (SAML Metadata 2.3.2)
 */
export function describe<Input>(
  document: XmlElement,
  entityId: string | undefined,
  now: Date,
  read: (entity: Entity) => Input,
): Described<Input> {
  return refusing(() => {
    const entity = getEntity(parseMetadata(document), entityId, now);
    const { validUntil = null, cacheSeconds = null } = entity;
    return { input: read(entity), entityId: entity.entityId, validUntil, cacheSeconds };
  });
}

/** What a document says of a trust, by the names of its settings: `saml.singleLogout`, `replyAddresses`. */
export function settingsIn({ input }: Described<object>): string[] {
  const { protocol: _, isMetadataExpired: __, ...settings } = input as Record<string, unknown>;
  return Object.entries(settings).flatMap(([name, value]) => {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isGroup ? Object.keys(value).map((inner) => `${name}.${inner}`) : [name];
  });
}

/** Runs what reads a document, whose errors become ours. */
export function refusing<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw asRefusal(error);
  }
}

export function asRefusal(error: unknown): unknown {
  if (error instanceof XmlError || error instanceof SamlStatusError || error instanceof WsFederationError) {
    return refuse('federation-metadata.unusable', { problem: error.message }, error);
  }
  return error;
}

export function unusable(problem: string): Error {
  return refuse('federation-metadata.unusable', { problem });
}
