// A certificate that is signed by itself.
import 'reflect-metadata';
import { type KeyObject, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface ClientCertificate {
  /** Base64 of the DER form, as applications register it. */
  registered: string;
  certificatePem: string;
  privateKeyPem: string;
  /** In hex. */
  sha256: string;
  publicKey: KeyObject;
}

/** Makes a key and a certificate, also for TLS of this machine, which is good for the hour before and after. */
export async function makeCertificate(): Promise<ClientCertificate> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048 };
  const publicExponent = new Uint8Array([1, 0, 1]);
  const keys = await crypto.subtle.generateKey({ ...algorithm, publicExponent }, true, ['sign', 'verify']);
  const hour = 3_600_000;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: '01',
      name: 'CN=Peer',
      notBefore: new Date(Date.now() - hour),
      notAfter: new Date(Date.now() + hour),
      signingAlgorithm: algorithm,
      keys,
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])],
    },
    crypto,
  );
  const der = Buffer.from(certificate.rawData);
  const { fingerprint256, publicKey } = new X509Certificate(der);
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const lines = pkcs8.replaceAll(/.{64}/g, '$&\n');
  return {
    registered: der.toString('base64'),
    certificatePem: certificate.toString('pem'),
    privateKeyPem: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
    sha256: fingerprint256.replaceAll(':', ''),
    publicKey,
  };
}
