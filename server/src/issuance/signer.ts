/** The signature algorithms in use. RS256 is what every client understands; ES256 is smaller and faster to sign. */
export type SigningAlgorithm = 'RS256' | 'ES256';

/**
 * Signs with one key of a tenant. Whoever holds a Signer never sees the private key, so that a key management service or
 * an HSM can stand in.
 */
export interface Signer {
  readonly algorithm: SigningAlgorithm;
  /** `kid` of the key. */
  readonly keyId: string;
  /** Certificate of the key, PEM. */
  readonly certificate: string;
  /** The signature in the form of JWS (RFC 7518 3.3 and 3.4: for ES256 R and S, not DER). */
  sign(data: Uint8Array): Promise<Uint8Array>;
}
