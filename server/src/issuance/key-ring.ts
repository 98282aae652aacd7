import type { KeyObject } from 'node:crypto';
import type { Signer, SigningAlgorithm } from './signer.ts';

/** The public part of a published key, ready for use. */
export interface VerificationKey {
  keyId: string;
  algorithm: SigningAlgorithm;
  publicKey: KeyObject;
}

/** The signing keys of all tenants, as those who sign and verify see them. */
export interface KeyRing {
  /** The key that signs for the tenant now. The first use makes one. */
  signer(tenantId: string, algorithm?: SigningAlgorithm): Promise<Signer>;
  /** A published key of exactly this tenant. */
  find(tenantId: string, keyId: string): Promise<VerificationKey | undefined>;
}
