import type { Claim } from '@countersign/claims';
import type { UpstreamIdentity } from '../upstream-providers/index.ts';

/** One way in which somebody proved to be there. */
export type FactorMethod = 'password' | 'passkey' | 'totp' | 'sms' | 'email' | 'recoveryCode' | 'federated';

export interface ProvenFactor {
  method: FactorMethod;
  /** When it was proven to us. */
  at: Date;
  /** Of the method `federated`: what the identity provider said. */
  federated?: FederatedProof;
}

/** What an identity provider said of somebody, as far as it was believed. */
export interface FederatedProof
  extends Pick<UpstreamIdentity, 'provider' | 'context' | 'session' | 'proxyRestriction'> {
  /** When the person proved to be there to the provider; null where it does not say. */
  authenticatedAt: Date | null;
  /** What came of its claims by the acceptance rules. */
  claims: readonly Claim[];
}
