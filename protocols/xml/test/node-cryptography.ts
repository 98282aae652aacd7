// The interfaces of @countersign/xml on node:crypto, for tests.
import crypto from 'node:crypto';
import type {
  ContentCipher,
  DecryptionKey,
  Digest,
  EncryptionKey,
  KeyTransportAlgorithm,
  SignatureAlgorithm,
  Signer,
  VerificationKey,
} from '../src/index.ts';
import { contentAlgorithms, keyTransportAlgorithms, signatureAlgorithms } from '../src/index.ts';

export const digest: Digest = (algorithm, data) => crypto.createHash(algorithm).update(data).digest();

function options(algorithm: SignatureAlgorithm, key: crypto.KeyObject) {
  if (algorithm.startsWith('rsa-pss')) {
    return {
      key,
      padding: crypto.constants.RSA_PKCS1_PSS_PADDING,
      saltLength: crypto.constants.RSA_PSS_SALTLEN_DIGEST,
    };
  }
  return { key, dsaEncoding: 'ieee-p1363' as const };
}

export function signer(algorithm: SignatureAlgorithm, key: crypto.KeyObject, certificate?: string): Signer {
  return {
    algorithm,
    sign: (data) => crypto.sign(signatureAlgorithms[algorithm].digest, data, options(algorithm, key)),
    ...(certificate && { certificate }),
  };
}

const curveBits: Record<string, number> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 };

export function verificationKey(id: string, key: crypto.KeyObject): VerificationKey {
  const { modulusLength, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  return {
    id,
    keyType: key.asymmetricKeyType === 'ec' ? 'ec' : 'rsa',
    bits: modulusLength ?? curveBits[namedCurve] ?? 0,
    verify: (algorithm, data, signature) =>
      crypto.verify(signatureAlgorithms[algorithm].digest, data, options(algorithm, key), signature),
  };
}

const oaep = (algorithm: KeyTransportAlgorithm, key: crypto.KeyObject) => ({
  key,
  padding: crypto.constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: keyTransportAlgorithms[algorithm].hash,
});

export function encryptionKey(key: crypto.KeyObject, certificate?: string): EncryptionKey {
  return {
    wrap: (algorithm, data) => crypto.publicEncrypt(oaep(algorithm, key), data),
    ...(certificate && { certificate }),
  };
}

export function decryptionKey(key: crypto.KeyObject): DecryptionKey {
  return { unwrap: (algorithm, data) => crypto.privateDecrypt(oaep(algorithm, key), data) };
}

export const contentCipher: ContentCipher = {
  encrypt(algorithm, key, iv, plaintext) {
    const { mode, keyLength } = contentAlgorithms[algorithm];
    if (mode === 'gcm') {
      const cipher = crypto.createCipheriv(`aes-${keyLength === 16 ? 128 : 256}-gcm`, key, iv);
      return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    }
    const cipher = crypto.createCipheriv(`aes-${keyLength * 8}-cbc`, key, iv).setAutoPadding(false);
    return Buffer.concat([cipher.update(plaintext), cipher.final()]);
  },
  decrypt(algorithm, key, iv, ciphertext) {
    const { mode, keyLength } = contentAlgorithms[algorithm];
    if (mode === 'gcm') {
      const cipher = crypto.createDecipheriv(`aes-${keyLength === 16 ? 128 : 256}-gcm`, key, iv);
      cipher.setAuthTag(ciphertext.subarray(-16));
      return Buffer.concat([cipher.update(ciphertext.subarray(0, -16)), cipher.final()]);
    }
    const cipher = crypto.createDecipheriv(`aes-${keyLength * 8}-cbc`, key, iv).setAutoPadding(false);
    return Buffer.concat([cipher.update(ciphertext), cipher.final()]);
  },
};

export const random = (length: number): Uint8Array => crypto.randomBytes(length);

/** Keys that all tests of a process share, since making them takes time. */
export const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
export const otherRsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ec = crypto.generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
