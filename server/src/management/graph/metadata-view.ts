import type { RelyingParty } from '../../applications/index.ts';
import {
  certificatesEndAt,
  checkSource,
  type Described,
  type FollowedMetadata,
  fetchDocument,
  parseDocument,
  type SourceInput,
} from '../../federation-metadata/index.ts';
import type { UpstreamProvider } from '../../upstream-providers/index.ts';
import type { Call } from './call.ts';
import { badRequest } from './error.ts';
import type { Shown } from './resource-view.ts';

/** What a request gives of a party's metadata. */
export interface MetadataInput {
  metadata?: string | undefined;
  metadataSource?: SourceInput | null | undefined;
  entityId?: string | undefined;
}

/**
 * Reads the metadata that a request gives, as text or by its address.
 *
 * @param describe  what a document says of a trust of this kind
 * @returns undefined when it gives none
 * @throws GraphError `BadRequest` for both at once; Refusal `federation-metadata.*`
 */
export async function readMetadata<Input>(
  call: Call,
  { metadata, metadataSource, entityId }: MetadataInput,
  describe: (document: ReturnType<typeof parseDocument>, entityId: string | undefined) => Described<Input>,
): Promise<Described<Input> | undefined> {
  if (metadataSource && metadata !== undefined) throw badRequest('Give metadata or metadataSource, not both.');
  if (metadata !== undefined) return describe(parseDocument(metadata), entityId);
  if (!metadataSource) return undefined;
  const document = await fetchDocument(call.fetchMetadata, checkSource(metadataSource));
  return describe(document, metadataSource.entityId ?? entityId);
}

/** What identity providers and relying parties both show of their metadata. */
export function metadataView(trust: UpstreamProvider | RelyingParty, followed: FollowedMetadata | undefined): Shown {
  return {
    metadataSource: followed?.source ?? null,
    metadataStatus: followed ? statusOf(followed) : null,
    isMetadataExpired: trust.isMetadataExpired,
    certificatesEndAt: certificatesEndAt(trust)?.toISOString() ?? null,
  };
}

function statusOf({ fetchedAt, changedAt, settings, nextFetchAt, validUntil, failure }: FollowedMetadata) {
  return {
    fetchedAt: fetchedAt.toISOString(),
    changedAt: changedAt.toISOString(),
    settings: [...settings],
    nextFetchAt: nextFetchAt.toISOString(),
    validUntil: validUntil?.toISOString() ?? null,
    problem: failure?.problem ?? null,
    failingSince: failure?.since.toISOString() ?? null,
  };
}
