import { createHash } from 'node:crypto';
import { type Configuration, errors } from 'oidc-provider';

/** Longest time for which an assertion may be good, in seconds: a day. MSAL's are good for ten minutes. */
const longest = 86_400;
/** By how much the clock of a client may be ahead, in seconds. */
const clockTolerance = 60;

/**
 * Checks what the provider leaves open of a client assertion (RFC 7523 3): one audience, since each of several could pass
 * it on; an end that is near; and the certificate that the header names.
 */
export const checkAssertion: NonNullable<Configuration['assertJwtClientAuthClaimsAndHeader']> = (
  _ctx,
  claims,
  header,
  client,
) => {
  const refuse = (reason: string) => new errors.InvalidClientAuth(reason);
  if (Array.isArray(claims['aud']) && claims['aud'].length !== 1)
    throw refuse('The assertion is for several audiences.');
  if (claims['sub'] !== client.clientId) throw refuse('The assertion is about another client.');
  if (Number(claims['exp']) > Date.now() / 1000 + longest) throw refuse('The assertion is good for longer than a day.');
  // RFC 7523 3: an assertion that was issued in the future was made in advance, or by a clock that cannot be relied on.
  if (Number(claims['iat'] ?? 0) > Date.now() / 1000 + clockTolerance) throw refuse('The assertion is of the future.');
  const certificates = client.jwks?.keys.flatMap(({ x5c }) => x5c?.slice(0, 1) ?? []) ?? [];
  for (const [name, hash] of [
    ['x5t', 'sha1'],
    ['x5t#S256', 'sha256'],
  ] as const) {
    // Interop: MSAL for Python pads x5t with an equals sign.
    const named = header[name] === undefined ? undefined : String(header[name]).replace(/=+$/, '');
    const isRegistered = certificates.some((der) => thumbprint(hash, der) === named);
    if (named !== undefined && !isRegistered) throw refuse(`The certificate that ${name} names is not registered.`);
  }
};

function thumbprint(hash: string, der: string): string {
  return createHash(hash).update(Buffer.from(der, 'base64')).digest('base64url');
}
