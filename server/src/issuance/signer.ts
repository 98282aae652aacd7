/** The signature algorithms in use. RS256 is what every client understands; ES256 is smaller and faster to sign. */
export type SigningAlgorithm = 'RS256' | 'ES256';

/** What a key of a tenant is for: to sign, or to decrypt what others encrypt to it by RSAES-OAEP (RFC 8017 7.1). */
export type KeyAlgorithm = SigningAlgorithm | 'RSA-OAEP';

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

/** Decrypts with one key of a tenant. As with a Signer, whoever holds it never sees the private key. */
export interface Decrypter {
  /** RSAES-OAEP with this hash throughout. Throws when it was encrypted otherwise, or to another key. */
  decrypt(hash: 'sha1' | 'sha256', data: Uint8Array): Promise<Uint8Array>;
}
