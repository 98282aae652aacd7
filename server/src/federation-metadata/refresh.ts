import { isDeepStrictEqual } from 'node:util';
import type { XmlElement } from '@countersign/xml';
import {
  type ApplicationStores,
  getRelyingParty,
  type RelyingPartyInput,
  saveRelyingParty,
} from '../applications/index.ts';
import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import type { DirectoryStores } from '../directory/index.ts';
import { Refusal } from '../refusal.ts';
import type { RuleGroupStores } from '../rule-groups/index.ts';
import {
  changeProvider,
  getProvider,
  type ProviderInput,
  type UpstreamProviderStore,
} from '../upstream-providers/index.ts';
import { describeProvider } from './describe-provider.ts';
import { describeRelyingParty } from './describe-relying-party.ts';
import { type Described, settingsIn, unusable } from './described.ts';
import { refuse } from './errors.ts';
import { type FetchMetadata, fetchDocument } from './fetch-document.ts';
import { nextFetchAt, nextTryAt } from './next-fetch.ts';
import type { FederationMetadataStores, FollowedMetadata, Party, PartyKind } from './store.ts';

export type RefreshStores = FederationMetadataStores &
  Pick<DirectoryStores, 'tenants' | 'objects'> &
  Pick<ApplicationStores, 'relyingParties'> &
  RuleGroupStores & { audit: AuditStore; upstreamProviders: UpstreamProviderStore };

export interface RefreshStorage {
  readonly read: RefreshStores;
  write<Result>(work: (stores: RefreshStores) => Promise<Result>): Promise<Result>;
}

/**
 * Fetches the metadata of a party and follows it: its addresses and keys change, whatever administrators decide stays. What
 * cannot be fetched or used changes nothing and is noted; the first failure of several is in the audit log. When the
 * validity of the last metadata is over, the trust does not count any more until there is other (SAML Metadata 4.3.1).
 *
 * @returns undefined when the party is gone, and its metadata no more followed
 */
export async function refreshMetadata(
  storage: RefreshStorage,
  act: Act,
  fetch: FetchMetadata,
  { party, source }: FollowedMetadata,
): Promise<FollowedMetadata | undefined> {
  try {
    const document = await fetchDocument(fetch, source);
    return await storage.write((stores) => follow(stores, act, party, document));
  } catch (error) {
    // Noted also when it is a bug, so that others have their turn.
    const problem = error instanceof Refusal ? error.message : 'The hub failed; its log says why.';
    const noted = await storage.write((stores) => noteFailure(stores, act, party, problem));
    if (!(error instanceof Refusal)) throw error;
    return noted;
  }
}

/**
 * The same at once, for whoever asks.
 *
 * @throws Refusal `federation-metadata.not_followed`; `federation-metadata.not_refreshed` when it failed, which is noted
 */
export async function refreshFollowed(
  storage: RefreshStorage,
  act: Act,
  fetch: FetchMetadata,
  { kind, id }: Party,
): Promise<void> {
  const followed = await storage.read.followedMetadata.find(act.tenantId, { kind, id });
  const after = followed && (await refreshMetadata(storage, act, fetch, followed));
  if (!after) throw refuse('federation-metadata.not_followed', { id });
  if (after.failure) throw refuse('federation-metadata.not_refreshed', { id, problem: after.failure.problem });
}

/** @throws Refusal when the document cannot be used */
async function follow(
  stores: RefreshStores,
  act: Act,
  party: Party,
  document: XmlElement,
): Promise<FollowedMetadata | undefined> {
  const known = await stores.followedMetadata.find(act.tenantId, party);
  if (!known || !(await isThere(stores, act, party))) return drop(stores, act, party);
  const { isChanged, described } = await changes[party.kind](stores, act, known, document);
  const followed = {
    ...known,
    fetchedAt: act.now,
    changedAt: isChanged ? act.now : known.changedAt,
    settings: settingsIn(described),
    validUntil: described.validUntil,
    nextFetchAt: nextFetchAt(act.now, described),
    failure: null,
  };
  await stores.followedMetadata.save(act.tenantId, followed);
  return followed;
}

async function noteFailure(
  stores: RefreshStores,
  act: Act,
  party: Party,
  problem: string,
): Promise<FollowedMetadata | undefined> {
  const known = await stores.followedMetadata.find(act.tenantId, party);
  if (!known || !(await isThere(stores, act, party))) return drop(stores, act, party);
  const failure = { since: known.failure?.since ?? act.now, problem };
  const followed = { ...known, failure, nextFetchAt: nextTryAt(act.now, known.validUntil) };
  await stores.followedMetadata.save(act.tenantId, followed);
  if (known.validUntil && known.validUntil <= act.now) await expire[party.kind](stores, act, party.id);
  if (known.failure === null) {
    const object = { ...party, name: known.source.entityId };
    const event = auditEvent(act, `${party.kind}.refresh_metadata`, object, [{ property: 'problem', after: problem }]);
    await stores.audit.append([{ ...event, outcome: 'failure', reason: 'federation-metadata.not_refreshed' }]);
  }
  return followed;
}

async function drop(stores: RefreshStores, { tenantId }: Act, party: Party): Promise<undefined> {
  await stores.followedMetadata.remove(tenantId, party);
}

async function isThere(stores: RefreshStores, { tenantId }: Act, { kind, id }: Party): Promise<boolean> {
  const store = kind === 'identityProvider' ? stores.upstreamProviders : stores.relyingParties;
  return (await store.find(tenantId, id)) !== undefined;
}

/** How the trust in each kind of party stops to count. */
const expire: Readonly<Record<PartyKind, (stores: RefreshStores, act: Act, id: string) => Promise<unknown>>> = {
  identityProvider: (stores, act, id) => changeProvider(stores, act, id, { isMetadataExpired: true }),
  async relyingParty(stores, act, id) {
    const { protocol, identifier } = await getRelyingParty(stores, act.tenantId, id);
    return saveRelyingParty(stores, act, id, { protocol, identifier, isMetadataExpired: true });
  },
};

interface Followed {
  isChanged: boolean;
  described: Described<object>;
}

/** How each kind of party takes what its metadata says now. */
const changes: Readonly<
  Record<
    PartyKind,
    (stores: RefreshStores, act: Act, known: FollowedMetadata, document: XmlElement) => Promise<Followed>
  >
> = {
  async identityProvider(stores, act, { party, source }, document) {
    const before = await getProvider(stores, act.tenantId, party.id);
    if (before.protocol === 'oidc') throw unusable('Providers of OpenID Connect have none.');
    const described = describeProvider(before.protocol, document, source.entityId, act.now);
    const { saml, wsFederation, metadataExchangeAddress, isMetadataExpired } = described.input;
    const input: ProviderInput = { saml, wsFederation, metadataExchangeAddress, isMetadataExpired };
    const after = await changeProvider(stores, act, party.id, input);
    return { isChanged: !isDeepStrictEqual(before, after), described };
  },

  async relyingParty(stores, act, { party, source }, document) {
    const before = await getRelyingParty(stores, act.tenantId, party.id);
    const described = describeRelyingParty(before.protocol, document, source.entityId, act.now);
    const { replyAddresses, signOutAddresses, signingCertificates, encryptionKeys, isMetadataExpired } =
      described.input;
    const found = { replyAddresses, signOutAddresses, signingCertificates, encryptionKeys, isMetadataExpired };
    const given = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
    const { protocol, identifier } = before;
    const input: RelyingPartyInput = { protocol, identifier, ...given };
    const after = await saveRelyingParty(stores, act, party.id, input);
    return { isChanged: !isDeepStrictEqual(before, after), described };
  },
};
