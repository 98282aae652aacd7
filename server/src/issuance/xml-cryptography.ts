import crypto, { type KeyObject, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { Compression } from '@countersign/saml';
import {
  type ContentCipher,
  contentAlgorithms,
  type DecryptionKey,
  type Digest,
  type EncryptionKey,
  type KeyTransportAlgorithm,
  keyTransportAlgorithms,
  type SignatureAlgorithm,
  type VerificationKey,
  type Signer as XmlSigner,
  signatureAlgorithms as xmlSignatureAlgorithms,
} from '@countersign/xml';
import { RecentlyUsed } from '../recently-used.ts';
import type { Decrypter, Signer, SigningAlgorithm } from './signer.ts';

// What protocols/xml and protocols/saml ask of the program around them, by Node's own cryptography.

export const xmlDigest: Digest = (algorithm, data) => crypto.createHash(algorithm).update(data).digest();

const xmlAlgorithmOf: Readonly<Record<SigningAlgorithm, SignatureAlgorithm>> = {
  RS256: 'rsa-sha256',
  ES256: 'ecdsa-sha256',
};

/** A tenant's signing key for XML signatures. JOSE and RFC 4050 3.3 write ECDSA's two numbers alike. */
export function xmlSigner(signer: Signer): XmlSigner {
  return {
    algorithm: xmlAlgorithmOf[signer.algorithm],
    certificate: derOfPem(signer.certificate),
    sign: (data) => signer.sign(data),
  };
}

/** The DER of a certificate in PEM, in base64 without line breaks, as metadata and KeyInfo hold it. */
export function derOfPem(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s/g, '');
}

/** Certificates of peers whose keys are kept: reading one takes longer than verifying a signature. */
const verificationKeys = new RecentlyUsed<VerificationKey>(1_000);

/**
 * The key of a peer's certificate, DER in base64. Its name is the certificate's SHA-256 thumbprint.
 *
 * @throws Error when it is no certificate
 */
export function xmlVerificationKey(certificate: string): VerificationKey {
  const key = verificationKeys.get(certificate) ?? readVerificationKey(certificate);
  verificationKeys.keep(certificate, key);
  return key;
}

function readVerificationKey(certificate: string): VerificationKey {
  const { publicKey, fingerprint256 } = readCertificate(certificate);
  const { modulusLength, namedCurve = '' } = publicKey.asymmetricKeyDetails ?? {};
  return {
    id: fingerprint256.replaceAll(':', '').toLowerCase(),
    keyType: publicKey.asymmetricKeyType === 'ec' ? 'ec' : 'rsa',
    bits: modulusLength ?? curveBits[namedCurve] ?? 0,
    verify: (algorithm, data, signature) =>
      crypto.verify(xmlSignatureAlgorithms[algorithm].digest, data, options(algorithm, publicKey), signature),
  };
}

const curveBits: Readonly<Record<string, number>> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 };

function options(algorithm: SignatureAlgorithm, key: KeyObject) {
  if (!algorithm.startsWith('rsa-pss')) return { key, dsaEncoding: 'ieee-p1363' as const };
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = crypto.constants;
  return { key, padding, saltLength };
}

/** The key of a peer's certificate, DER in base64, to encrypt to. @throws Error when it is no certificate */
export function xmlEncryptionKey(certificate: string): EncryptionKey {
  const { publicKey: key } = readCertificate(certificate);
  const padding = crypto.constants.RSA_PKCS1_OAEP_PADDING;
  const oaepHash = (algorithm: KeyTransportAlgorithm) => keyTransportAlgorithms[algorithm].hash;
  return {
    certificate,
    wrap: (algorithm, data) => crypto.publicEncrypt({ key, padding, oaepHash: oaepHash(algorithm) }, data),
  };
}

/** A tenant's key to which content keys are encrypted. */
export function xmlDecryptionKey({ decrypt }: Decrypter): DecryptionKey {
  return { unwrap: (algorithm, wrappedKey) => decrypt(keyTransportAlgorithms[algorithm].hash, wrappedKey) };
}

/** @throws Error when it is no certificate */
export function readCertificate(certificate: string): X509Certificate {
  return new X509Certificate(Buffer.from(certificate, 'base64'));
}

const tagLength = 16;

/** AES as protocols/xml asks for it: with GCM the tag follows the ciphertext, with CBC padding is not looked at. */
export const xmlContentCipher: ContentCipher = {
  encrypt(algorithm, key, iv, plaintext) {
    const { mode, keyLength } = contentAlgorithms[algorithm];
    if (mode === 'gcm') {
      const cipher = crypto.createCipheriv(keyLength === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, iv);
      return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    }
    const cipher = crypto.createCipheriv(`aes-${keyLength * 8}-cbc`, key, iv).setAutoPadding(false);
    return Buffer.concat([cipher.update(plaintext), cipher.final()]);
  },
  decrypt(algorithm, key, iv, ciphertext) {
    const { mode, keyLength } = contentAlgorithms[algorithm];
    if (mode === 'gcm') {
      const cipher = crypto.createDecipheriv(keyLength === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, iv);
      cipher.setAuthTag(ciphertext.subarray(-tagLength));
      return Buffer.concat([cipher.update(ciphertext.subarray(0, -tagLength)), cipher.final()]);
    }
    const cipher = crypto.createDecipheriv(`aes-${keyLength * 8}-cbc`, key, iv).setAutoPadding(false);
    return Buffer.concat([cipher.update(ciphertext), cipher.final()]);
  },
};

const deflateRaw = promisify<crypto.BinaryLike, Buffer>(zlib.deflateRaw);
const inflateRaw = promisify<crypto.BinaryLike, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);

/** Raw DEFLATE in Node's thread pool. */
export const compression: Compression = {
  deflate: (data) => deflateRaw(data),
  inflate: (data, maxOutputLength) => inflateRaw(data, { maxOutputLength }),
};
