/**
 * The metadata of parties, identity providers and applications alike: read from a text or an address, followed when it
 * changes, and watched for certificates that end. Relies on the trusts of applications and upstream-providers, which it
 * changes; how a document is fetched is passed in.
 *
 * ```
 * address -> fetchDocument (signature of a pinned key) -> describe... (SAML Metadata 2, WS-Federation 1.2 3.1) -> the trust
 * ```
 */
export { certificatesEndAt } from './certificates.ts';
export { describeProvider } from './describe-provider.ts';
export { describeRelyingParty } from './describe-relying-party.ts';
export type { Described } from './described.ts';
export { parseDocument } from './document.ts';
export { federationMetadataErrors } from './errors.ts';
export { type FetchMetadata, fetchDocument } from './fetch-document.ts';
export { checkSource, followMetadata, isSameSource, type SourceInput, stopFollowing } from './follow.ts';
export { refreshFollowed } from './refresh.ts';
export { refreshDueMetadata } from './refresh-due.ts';
export {
  type AwaitedProvider,
  createSetupLink,
  fillSetupLink,
  getSetupLink,
  keepTrial,
  revokeSetupLink,
  type SetupLink,
  type SetupLinkStores,
  type SetupTrial,
  takeTrial,
  useSetupLink,
} from './setup-links.ts';
export type {
  CertificateWarning,
  CertificateWarningStore,
  FederationMetadataStores,
  FollowedMetadata,
  FollowedMetadataStore,
  MetadataSource,
  Party,
  PartyKind,
} from './store.ts';
