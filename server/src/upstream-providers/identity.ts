import type { StatedClaim } from '@countersign/claims';
import type { ProxyRestriction } from '@countersign/saml';

/** Somebody as an identity provider has just described them, and proven to be its word. */
export interface UpstreamIdentity {
  /** Id of the provider. */
  provider: string;
  /** The provider's name for the person: with its issuer, who it is. Compared exactly. */
  subject: string;
  /** When the person proved to be there; null when the provider does not say. */
  authenticatedAt: Date | null;
  /** How, as far as the provider says. */
  context: 'singleFactor' | 'multiFactor' | 'phishingResistant';
  claims: readonly StatedClaim[];
  /** How the provider limits what we may pass on of it, and to whom (SAML Core 2.5.1.6). */
  proxyRestriction?: ProxyRestriction | undefined;
  /** How the provider knows its own session, where either side can tell the other of the end. */
  session?: UpstreamSession;
}

/** A session at a provider. */
export interface UpstreamSession {
  /** Digest of what the provider's messages name the person by; null: they name nobody. */
  key: string | null;
  /** Digest of what they name the session itself by, where they may leave the person out. */
  sessionKey?: string;
  /** JSON of the protocol's adapter: what a message to the provider needs. */
  state: string;
}
