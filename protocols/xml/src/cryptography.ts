import type { ContentAlgorithm, DigestAlgorithm, KeyTransportAlgorithm, SignatureAlgorithm } from './algorithms.ts';

// What this package asks of the program around it: keys stay outside, as objects that can do one thing.

export type Awaitable<T> = T | Promise<T>;
export type Bytes = Uint8Array<ArrayBufferLike>;

/** The digest of the data. */
export type Digest = (algorithm: DigestAlgorithm, data: Bytes) => Awaitable<Bytes>;

/** A private key that signs. */
export interface Signer {
  readonly algorithm: SignatureAlgorithm;
  /** The certificate to show, DER in base64. */
  readonly certificate?: string;
  /** The signature value: for ECDSA the two numbers side by side (IEEE P1363), as RFC 4050 3.3 writes them. */
  sign(data: Bytes): Awaitable<Bytes>;
}

/** A public key of a trust. */
export interface VerificationKey {
  /** Names the key in traces, such as its certificate's thumbprint. */
  readonly id: string;
  readonly keyType: 'rsa' | 'ec';
  /** Length of the modulus, or of the curve's order. */
  readonly bits: number;
  /** Whether the signature value is that of the data; false for whatever the key cannot verify. */
  verify(algorithm: SignatureAlgorithm, data: Bytes, signature: Bytes): Awaitable<boolean>;
}

/** A private key that content keys were encrypted to. */
export interface DecryptionKey {
  /** The content key. Throws when it cannot be decrypted. */
  unwrap(algorithm: KeyTransportAlgorithm, wrappedKey: Bytes): Awaitable<Bytes>;
}

/** A public key to encrypt content keys to. */
export interface EncryptionKey {
  /** The certificate to show, DER in base64. */
  readonly certificate?: string;
  wrap(algorithm: KeyTransportAlgorithm, key: Bytes): Awaitable<Bytes>;
}

/**
 * AES. With GCM the 16 bytes of the tag follow the ciphertext, and `decrypt` throws when it is wrong; with CBC neither
 * function adds, removes or looks at padding.
 */
export interface ContentCipher {
  encrypt(algorithm: ContentAlgorithm, key: Bytes, iv: Bytes, plaintext: Bytes): Awaitable<Bytes>;
  decrypt(algorithm: ContentAlgorithm, key: Bytes, iv: Bytes, ciphertext: Bytes): Awaitable<Bytes>;
}
