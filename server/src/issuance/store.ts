/** A signing key of a tenant with its certificate. Its private part leaves the store only to become a Signer. */
export interface SigningKey {
  /** `kid`: the RFC 7638 thumbprint of the public key. */
  id: string;
  algorithm: 'RS256' | 'ES256';
  publicJwk: Record<string, string>;
  /** Self-signed, PEM. */
  certificate: string;
  /** PKCS #8, PEM. Sealed where it is kept. */
  privateKey: string;
  createdAt: Date;
  /** Published before it signs, so that everybody has fetched it. */
  signsFrom: Date;
  /** Null while it is the newest. */
  signsUntil: Date | null;
  /** Published until the last token that it signed has expired. Null while it signs. */
  publishedUntil: Date | null;
}

export interface SigningKeyStore {
  insert(tenantId: string, key: SigningKey): Promise<void>;
  /** Changes only the times. */
  update(tenantId: string, key: SigningKey): Promise<void>;
  list(tenantId: string): Promise<SigningKey[]>;
  remove(tenantId: string, id: string): Promise<void>;
  /** Makes others wait who make or rotate keys of the tenant, until the end of the transaction. */
  lock(tenantId: string): Promise<void>;
}
