// Makes self-signed certificates for tests.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';

interface Wanted {
  notBefore?: Date;
  notAfter?: Date;
  bits?: number;
  curve?: string;
}

/** A certificate in DER and its PEM text with the private key in front, as tools write them into one file. */
export async function makeCertificate(wanted: Wanted = {}): Promise<{ der: Buffer; pem: string }> {
  const algorithm = wanted.curve
    ? { name: 'ECDSA', namedCurve: wanted.curve, hash: 'SHA-256' }
    : {
        name: 'RSASSA-PKCS1-v1_5',
        hash: 'SHA-256',
        modulusLength: wanted.bits ?? 2048,
        publicExponent: new Uint8Array([1, 0, 1]),
      };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=insurance-web',
    keys,
    signingAlgorithm: algorithm,
    notBefore: wanted.notBefore ?? new Date('2026-01-01T00:00:00Z'),
    notAfter: wanted.notAfter ?? new Date('2027-01-01T00:00:00Z'),
  });
  const der = Buffer.from(certificate.rawData);
  const privateKey = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const pem = `${armor('PRIVATE KEY', privateKey)}${armor('CERTIFICATE', der)}`;
  return { der, pem };
}

function armor(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
