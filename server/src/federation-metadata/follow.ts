import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import { readCertificate } from './certificates.ts';
import { type Described, settingsIn } from './described.ts';
import { refuse } from './errors.ts';
import { nextFetchAt } from './next-fetch.ts';
import type { FederationMetadataStores, FollowedMetadata, MetadataSource, Party } from './store.ts';

type Stores = FederationMetadataStores & { audit: AuditStore };

/** What is said of a source when it is set. */
export interface SourceInput {
  url: string;
  entityId?: string | undefined;
  signingCertificate?: string | null | undefined;
}

/**
 * A source without the entity, which its first document tells.
 *
 * @throws Refusal `federation-metadata.address_malformed`, `federation-metadata.certificate_malformed`
 */
export function checkSource({ url, signingCertificate = null }: SourceInput): Omit<MetadataSource, 'entityId'> {
  if (!isAddress(url)) throw refuse('federation-metadata.address_malformed', { url: url.slice(0, 200) });
  if (signingCertificate !== null && !isCertificate(signingCertificate)) {
    throw refuse('federation-metadata.certificate_malformed');
  }
  return { url, signingCertificate };
}

/** Whether what is said of a source changes nothing of it. */
export function isSameSource(known: MetadataSource | undefined, input: SourceInput): boolean {
  if (known?.url !== input.url) return false;
  const { entityId = known.entityId, signingCertificate = known.signingCertificate } = input;
  return entityId === known.entityId && signingCertificate === known.signingCertificate;
}

/** Fetches the metadata of the party from now on, beginning with what its first document said. */
export async function followMetadata(
  stores: Stores,
  act: Act,
  party: Party & { name: string },
  input: SourceInput,
  described: Described<object>,
): Promise<FollowedMetadata> {
  const { kind, id, name } = party;
  const before = await stores.followedMetadata.find(act.tenantId, { kind, id });
  const source = { ...checkSource(input), entityId: described.entityId };
  const followed = {
    party: { kind, id },
    source,
    fetchedAt: act.now,
    changedAt: act.now,
    settings: settingsIn(described),
    validUntil: described.validUntil,
    nextFetchAt: nextFetchAt(act.now, described),
    failure: null,
  };
  await stores.followedMetadata.save(act.tenantId, followed);
  const change = { property: 'metadataSource', before: before?.source, after: source };
  await stores.audit.append([auditEvent(act, `${kind}.follow_metadata`, { kind, id, name }, [change])]);
  return followed;
}

/** Fetches the metadata of the party no more. The trust stays as it is. */
export async function stopFollowing(stores: Stores, act: Act, party: Party & { name: string }): Promise<void> {
  const { kind, id, name } = party;
  const before = await stores.followedMetadata.find(act.tenantId, { kind, id });
  if (!before) return;
  await stores.followedMetadata.remove(act.tenantId, { kind, id });
  const change = { property: 'metadataSource', before: before.source };
  await stores.audit.append([auditEvent(act, `${kind}.unfollow_metadata`, { kind, id, name }, [change])]);
}

const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

function isAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.has(url.hostname));
}

function isCertificate(text: string): boolean {
  try {
    return readCertificate(text).publicKey !== undefined;
  } catch {
    return false;
  }
}
