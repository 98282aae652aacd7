import { createHash, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyAlgorithm } from './signer.ts';
import type { SigningKey } from './store.ts';

/** A fresh key pair with its certificate, which is not in use yet. */
export interface MadeKey extends Pick<SigningKey, 'id' | 'algorithm' | 'publicJwk' | 'certificate'> {
  /** PKCS #8, PEM. */
  privateKey: string;
}

const generate = promisify(generateKeyPair);

/** How keys of each algorithm are made, and the members of their RFC 7638 thumbprint in its order. */
const kinds = {
  RS256: {
    generate: () => generate('rsa', { modulusLength: 2048 }),
    cryptoAlgorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    members: ['e', 'kty', 'n'],
  },
  ES256: {
    generate: () => generate('ec', { namedCurve: 'P-256' }),
    cryptoAlgorithm: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
    members: ['crv', 'kty', 'x', 'y'],
  },
  'RSA-OAEP': {
    generate: () => generate('rsa', { modulusLength: 2048 }),
    // Of the certificate, which the key signs itself.
    cryptoAlgorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    members: ['e', 'kty', 'n'],
  },
} as const satisfies Record<KeyAlgorithm, unknown>;

const day = 86_400_000;
/** Readers of certificates may have clocks that are behind. */
const validBefore = day;
/** Far longer than a key signs: relying parties that pin the certificate stop at its end. */
const validAfter = 3 * 365 * day;

/** Makes a key pair and a certificate for it, signed by itself. Takes up to half a second, off the event loop. */
export async function makeSigningKey(algorithm: KeyAlgorithm, tenantId: string, now: Date): Promise<MadeKey> {
  const { publicKey, privateKey } = await kinds[algorithm].generate();
  const jwk: Record<string, unknown> = { ...publicKey.export({ format: 'jwk' }) };
  const publicJwk = Object.fromEntries(kinds[algorithm].members.map((name) => [name, String(jwk[name])]));
  return {
    // RFC 7638 3: the members in lexical order, without white space.
    id: createHash('sha256').update(JSON.stringify(publicJwk)).digest('base64url'),
    algorithm,
    publicJwk,
    certificate: await makeCertificate(algorithm, { publicKey, privateKey }, tenantId, now),
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

async function makeCertificate(
  algorithm: KeyAlgorithm,
  { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject },
  tenantId: string,
  now: Date,
): Promise<string> {
  // Loaded when a key is made, which is rare, since loading them takes 150 ms.
  await import('reflect-metadata');
  const { KeyUsageFlags, KeyUsagesExtension, X509CertificateGenerator } = await import('@peculiar/x509');
  const { cryptoAlgorithm } = kinds[algorithm];
  const encrypts = algorithm === 'RSA-OAEP';
  const certificate = await X509CertificateGenerator.createSelfSigned({
    // RFC 5280 4.1.2.2: positive, at most 20 octets.
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    name: [{ CN: [`Countersign token ${encrypts ? 'encryption' : 'signing'}`] }, { O: [tenantId] }],
    notBefore: new Date(now.getTime() - validBefore),
    notAfter: new Date(now.getTime() + validAfter),
    signingAlgorithm: cryptoAlgorithm,
    keys: {
      publicKey: publicKey.toCryptoKey(cryptoAlgorithm, true, ['verify']),
      privateKey: privateKey.toCryptoKey(cryptoAlgorithm, false, ['sign']),
    },
    extensions: [
      new KeyUsagesExtension(encrypts ? KeyUsageFlags.keyEncipherment : KeyUsageFlags.digitalSignature, true),
    ],
  });
  return certificate.toString('pem');
}
