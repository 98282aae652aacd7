import { constants, createPrivateKey, type KeyLike, privateDecrypt, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Decrypter, Signer, SigningAlgorithm } from './signer.ts';
import type { SigningKey } from './store.ts';

// With a callback Node signs in its thread pool: an RSA signature takes over half a millisecond.
const signInPool = promisify<string, Uint8Array, KeyLike, Buffer>(sign);

/** A Signer that holds the private key in this process. */
export function keySigner(key: SigningKey & { algorithm: SigningAlgorithm }, privateKeyPem: string): Signer {
  const privateKey = createPrivateKey(privateKeyPem);
  return {
    algorithm: key.algorithm,
    keyId: key.id,
    certificate: key.certificate,
    async sign(data) {
      const signature = await signInPool('sha256', data, privateKey);
      return key.algorithm === 'ES256' ? derToJose(signature) : signature;
    },
  };
}

/** A Decrypter that has the private key given to it whenever it decrypts, which is rare. */
export function keyDecrypter(findPrivateKeyPem: () => Promise<string | undefined>): Decrypter {
  return {
    async decrypt(oaepHash, data) {
      const key = await findPrivateKeyPem();
      if (key === undefined) throw new Error('The key is gone.');
      return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, data);
    },
  };
}

/**
 * ECDSA-Sig-Value (RFC 3279 2.2.3) of P-256 as R and S of 32 bytes each (RFC 7518 3.4). Node could write that itself,
 * but takes far longer to.
 */
export function derToJose(der: Uint8Array): Uint8Array {
  const jose = new Uint8Array(64);
  // SEQUENCE and length are one byte each, and so are INTEGER and its length: both numbers have at most 33 bytes.
  let position = 2;
  for (const end of [32, 64]) {
    const length = der[position + 1] ?? 0;
    const number = der.subarray(position + 2, position + 2 + length);
    // A leading zero keeps a DER integer positive; a short one lacks zeros in front.
    const digits = number.subarray(Math.max(0, length - 32));
    jose.set(digits, end - digits.length);
    position += 2 + length;
  }
  return jose;
}
