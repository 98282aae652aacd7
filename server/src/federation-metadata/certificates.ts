import { X509Certificate } from 'node:crypto';
import type { RelyingParty } from '../applications/index.ts';
import type { UpstreamProvider } from '../upstream-providers/index.ts';

/**
 * When the first of the certificates ends without which the trust should not go on; null when it has none. Of several for
 * one purpose the last counts: while a key rolls over, the old one may end.
 */
export function certificatesEndAt(trust: UpstreamProvider | RelyingParty): Date | null {
  const ends = purposesOf(trust)
    .filter((certificates) => certificates.length > 0)
    .map((certificates) => Math.max(...certificates.map((text) => readCertificate(text).validToDate.getTime())));
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

/** Certificates by what they are for. */
function purposesOf(trust: UpstreamProvider | RelyingParty): (readonly string[])[] {
  if ('servicePrincipalId' in trust) {
    const encryption = trust.encryptsTokens ? trust.encryptionKeys.map(({ certificate }) => certificate) : [];
    return [trust.signingCertificates, encryption];
  }
  if (trust.protocol === 'saml') return [trust.saml.signingCertificates];
  return trust.protocol === 'wsFederation' ? [trust.wsFederation.signingCertificates] : [];
}

/** @param text  DER in base64 @throws Error when it is no certificate */
export function readCertificate(text: string): X509Certificate {
  return new X509Certificate(Buffer.from(text, 'base64'));
}
