// First, since @peculiar/x509 looks for it while it is loaded.
import 'reflect-metadata';
import { createPrivateKey, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import type { KeyAndChain } from './certificates.ts';

const keyType = { name: 'ECDSA', namedCurve: 'P-256' };
const signature = { name: 'ECDSA', hash: 'SHA-256' };
const day = 86_400_000;

/** Ten years: whoever trusts it must do so again with the next one. */
const authorityDays = 3650;
/** Short, as the key lies on a disk; long enough for a machine that is rarely started. */
const certificateDays = 90;

/**
 * Makes a certificate authority that may sign certificates of servers directly and nothing else (RFC 5280 4.2.1.9, a path
 * length of 0). It has no name constraints: tenants add host names at any time, and everybody would have to trust it anew.
 */
export async function mintAuthority(name: string, now: Date): Promise<KeyAndChain> {
  const keys = await webcrypto.subtle.generateKey(keyType, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [name] }],
    notBefore: new Date(now.getTime() - day),
    notAfter: new Date(now.getTime() + authorityDays * day),
    keys,
    signingAlgorithm: signature,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: await privateKeyPem(keys.privateKey), cert: certificate.toString('pem') };
}

/**
 * Makes a certificate for a server of these host names and IP addresses, with a key of its own. The first stands in its
 * subject as well.
 */
export async function mintCertificate(
  authority: KeyAndChain,
  names: readonly string[],
  now: Date,
): Promise<KeyAndChain> {
  const issuer = new x509.X509Certificate(authority.cert);
  const keys = await webcrypto.subtle.generateKey(keyType, true, ['sign', 'verify']);
  const alternatives = names.map((name) => ({ type: isIP(name) ? ('ip' as const) : ('dns' as const), value: name }));
  const notAfter = Math.min(now.getTime() + certificateDays * day, issuer.notAfter.getTime());
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    // RFC 5280 A.1: a common name has at most 64 characters.
    subject: [{ CN: [(names[0] ?? '').slice(0, 64)] }],
    issuer: issuer.subjectName,
    // Clocks of clients may be a little behind.
    notBefore: new Date(now.getTime() - day),
    notAfter: new Date(notAfter),
    publicKey: keys.publicKey,
    signingKey: await authorityKey(authority.key),
    signingAlgorithm: signature,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(alternatives),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  const key = await privateKeyPem(keys.privateKey);
  return { key, cert: `${certificate.toString('pem')}\n${authority.cert}` };
}

/** RFC 5280 4.1.2.2: positive and at most 20 bytes. */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  return `01${Buffer.from(bytes).toString('hex')}`;
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}

function authorityKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  return webcrypto.subtle.importKey('pkcs8', der, keyType, false, ['sign']);
}
