import type { KeyAlgorithm } from './signer.ts';

/**
 * A key of a tenant with its certificate, without its private part. Keys that others encrypt to roll over as those that
 * sign do, so that they have the same times: where it says that a key signs, read that others are told of it.
 */
export interface SigningKey {
  /** `kid`: the RFC 7638 thumbprint of the public key. */
  id: string;
  algorithm: KeyAlgorithm;
  publicJwk: Readonly<Record<string, string>>;
  /** Self-signed, PEM. */
  certificate: string;
  createdAt: Date;
  /** Published before it signs, so that everybody has fetched it. */
  signsFrom: Date;
  /** Null while it is the newest. */
  signsUntil: Date | null;
  /** Published until the last token that it signed has expired. Null while it is the newest. */
  publishedUntil: Date | null;
}

export interface SigningKeyStore {
  /** @param privateKey  PKCS #8, PEM; sealed where it is kept */
  insert(tenantId: string, key: SigningKey, privateKey: string): Promise<void>;
  /** Changes only the times. */
  update(tenantId: string, key: SigningKey): Promise<void>;
  list(tenantId: string): Promise<SigningKey[]>;
  findPrivateKey(tenantId: string, id: string): Promise<string | undefined>;
  remove(tenantId: string, id: string): Promise<void>;
  /** Makes others wait who make or rotate keys of the tenant, until the end of the transaction. */
  lock(tenantId: string): Promise<void>;
  /** Newest keys that began to sign before this time, of any tenant: for the rotation job of the whole hub. */
  listNewestBefore(before: Date, limit: number): Promise<{ tenantId: string; key: SigningKey }[]>;
  /** Keys of any tenant that need not be published any more. Without tenant: for the same job. */
  listExpired(now: Date, limit: number): Promise<{ tenantId: string; key: SigningKey }[]>;
}
