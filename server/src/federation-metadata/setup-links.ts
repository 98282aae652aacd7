import { createHash } from 'node:crypto';
import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import type { DirectoryStores } from '../directory/index.ts';
import type { RedeemableStore } from '../issuance/index.ts';
import type { RuleGroupStores } from '../rule-groups/index.ts';
import {
  changeProvider,
  createProvider,
  type ProviderInput,
  type UpstreamProvider,
  type UpstreamProviderStore,
} from '../upstream-providers/index.ts';
import type { Described } from './described.ts';
import { refuse } from './errors.ts';
import { followMetadata, type SourceInput } from './follow.ts';
import type { FederationMetadataStores } from './store.ts';

/** What an administrator has decided of a provider, before its own administrator gives its metadata. */
export type AwaitedProvider = ProviderInput & {
  id: string;
  displayName: string;
  protocol: 'saml' | 'wsFederation';
};

export type SetupLinkStores = Pick<DirectoryStores, 'tenants'> &
  FederationMetadataStores &
  RuleGroupStores & {
    audit: AuditStore;
    redeemables: RedeemableStore;
    upstreamProviders: UpstreamProviderStore;
  };

const kind = 'setupLink';

/**
 * Makes a link by which the administrator of a provider completes the trust, once.
 *
 * @param secret  256 random bits, which only the link holds
 * @returns the id under which it can be revoked
 * @throws Refusal `federation-metadata.setup_link_for_known` when the provider is there already
 */
export async function createSetupLink(
  stores: SetupLinkStores,
  act: Act,
  provider: AwaitedProvider,
  secret: string,
  expiresAt: Date,
): Promise<string> {
  const { id, displayName: name } = provider;
  if (await stores.upstreamProviders.find(act.tenantId, id)) {
    throw refuse('federation-metadata.setup_link_for_known', { id });
  }
  const digest = digestOf(secret);
  const row = { kind, digest, familyDigest: null, aliasDigest: null, content: { provider }, expiresAt } as const;
  await stores.redeemables.save(act.tenantId, row);
  const changes = [{ property: 'expiresAt', after: expiresAt.toISOString() }];
  const target = { kind: 'identityProvider', id, name };
  await stores.audit.append([auditEvent(act, 'identityProvider.create_setup_link', target, changes)]);
  return digest;
}

/** Makes a link worth nothing; nothing happens when it is already. */
export async function revokeSetupLink(stores: SetupLinkStores, act: Act, linkId: string): Promise<void> {
  const found = await stores.redeemables.find(act.tenantId, kind, linkId);
  if (!found) return;
  const { id, displayName: name } = providerIn(found.content);
  await stores.redeemables.remove(act.tenantId, kind, linkId);
  const target = { kind: 'identityProvider', id, name };
  await stores.audit.append([auditEvent(act, 'identityProvider.revoke_setup_link', target)]);
}

/** What the link with this secret is for, and whether the metadata came. */
export interface SetupLink {
  id: string;
  awaited: AwaitedProvider;
  /** The provider is there, disabled until whoever has the link has tried it. */
  isFilled: boolean;
}

/**
 * @throws Refusal `federation-metadata.setup_link_over` when it was used, revoked, or is too old
 */
export async function getSetupLink(
  { redeemables }: Pick<SetupLinkStores, 'redeemables'>,
  tenantId: string,
  secret: string,
  now: Date,
): Promise<SetupLink> {
  const id = digestOf(secret);
  const found = await redeemables.find(tenantId, kind, id);
  if (!found || found.redeemedAt || found.expiresAt <= now) throw refuse('federation-metadata.setup_link_over');
  return { id, awaited: providerIn(found.content), isFilled: found.content['isFilled'] === true };
}

/**
 * Makes the provider, disabled, with the metadata that whoever has the link gave. What our own administrator decided counts
 * more. Where the metadata cannot be trusted the link stays as it is.
 *
 * @param source  where the metadata is fetched again
 * @throws Refusal as `getSetupLink` and `createProvider`
 */
export async function fillSetupLink(
  stores: SetupLinkStores,
  act: Act,
  secret: string,
  described: Described<ProviderInput>,
  source: SourceInput | undefined,
): Promise<UpstreamProvider> {
  const { id: digest, awaited } = await getSetupLink(stores, act.tenantId, secret, act.now);
  const { saml, wsFederation, ...stated } = described.input;
  const provider = await createProvider(stores, act, {
    ...stated,
    ...awaited,
    saml: { ...saml, ...awaited.saml },
    wsFederation: { ...wsFederation, ...awaited.wsFederation },
    isEnabled: false,
  });
  const { id, displayName: name } = provider;
  if (source) await followMetadata(stores, act, { kind: 'identityProvider', id, name }, source, described);
  const link = await stores.redeemables.find(act.tenantId, kind, digest);
  if (link) await stores.redeemables.save(act.tenantId, { ...link, content: { ...link.content, isFilled: true } });
  await stores.audit.append([
    auditEvent(act, 'identityProvider.fill_setup_link', { kind: 'identityProvider', id, name }),
  ]);
  return provider;
}

/**
 * Enables the provider; the link has done its work. Of several who do it at once, one does.
 * @throws Refusal as `getSetupLink` and `changeProvider`
 */
export async function useSetupLink(stores: SetupLinkStores, act: Act, secret: string): Promise<UpstreamProvider> {
  const { id: digest, awaited } = await getSetupLink(stores, act.tenantId, secret, act.now);
  const isFirst = await stores.redeemables.redeem(act.tenantId, kind, digest, act.now);
  if (!isFirst) throw refuse('federation-metadata.setup_link_over');
  const provider = await changeProvider(stores, act, awaited.id, { isEnabled: true });
  const target = { kind: 'identityProvider', id: provider.id, name: provider.displayName };
  await stores.audit.append([auditEvent(act, 'identityProvider.use_setup_link', target)]);
  return provider;
}

/** So long a person may take to sign in for a trial, in milliseconds. */
const trialLifetime = 3_600_000;
const trialKind = 'setupLinkTrial';

/** A sign-in that only shows what the provider says. */
export interface SetupTrial {
  providerId: string;
  /** 256 random bits in base64url, of which whatever must be fresh is made. */
  challenge: string;
}

/** Remembers a trial until its answer comes. */
export async function keepTrial(stores: SetupLinkStores, act: Act, trialId: string, trial: SetupTrial): Promise<void> {
  await stores.redeemables.save(act.tenantId, {
    kind: trialKind,
    digest: digestOf(trialId),
    familyDigest: null,
    aliasDigest: null,
    content: { ...trial },
    expiresAt: new Date(act.now.getTime() + trialLifetime),
  });
}

/** The trial, for its one answer; undefined when there is none. */
export async function takeTrial(
  { redeemables }: Pick<SetupLinkStores, 'redeemables'>,
  tenantId: string,
  trialId: string,
  now: Date,
): Promise<SetupTrial | undefined> {
  const digest = digestOf(trialId);
  const found = await redeemables.find(tenantId, trialKind, digest);
  if (!found || found.expiresAt <= now || !(await redeemables.redeem(tenantId, trialKind, digest, now)))
    return undefined;
  return found.content as unknown as SetupTrial;
}

function providerIn(content: Readonly<Record<string, unknown>>): AwaitedProvider {
  return content['provider'] as AwaitedProvider;
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
