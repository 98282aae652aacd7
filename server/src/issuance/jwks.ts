import { createHash, X509Certificate } from 'node:crypto';
import { decideKeyPhase, isForSigning } from './decide-key-phase.ts';
import type { SigningKey } from './store.ts';

/** One key of a JWK Set (RFC 7517 5) with its certificate; kty, n and e or crv, x and y among the other members. */
export interface JwkResource {
  use: 'sig';
  kid: string;
  alg: string;
  /** SHA-1 of the certificate (RFC 7517 4.8): what WS-Federation and older JWT readers find keys by. */
  x5t: string;
  x5c: [string];
  [member: string]: string | [string];
}

/** The JWK Set of a tenant: every signing key that is published now, the one that signs and those before and after it. */
export function buildJwks(keys: readonly SigningKey[], now: Date): { keys: JwkResource[] } {
  const published = keys.filter((key) => isForSigning(key) && decideKeyPhase(key, now) !== 'expired');
  return { keys: published.map(buildJwk) };
}

function buildJwk(key: SigningKey): JwkResource {
  const der = new X509Certificate(key.certificate).raw;
  return {
    ...key.publicJwk,
    // Interop: python-jose and Flask samples refuse a key set whose keys lack `use`.
    use: 'sig',
    kid: key.id,
    alg: key.algorithm,
    x5t: createHash('sha1').update(der).digest('base64url'),
    x5c: [der.toString('base64')],
  };
}
