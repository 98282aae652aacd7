import { createHmac } from 'node:crypto';
import { refuse } from './errors.ts';
import type { Signer } from './signer.ts';

// RFC 7515 in compact serialization (7.1), and of RFC 7519 as much as our own tokens need.

/** A compact JWS taken apart. Nothing of it is verified. */
export interface ParsedJws {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  /** What the signature covers. */
  signingInput: Buffer;
  signature: Buffer;
}

/** Longest token that is looked at, in characters. Ours are about 1,500 long. */
const longestToken = 16_384;

/** Signs the claims. `typ` names the kind of the token (RFC 8725 3.11); ID tokens have none. */
export async function signJwt(
  signer: Signer,
  typ: string | undefined,
  claims: Record<string, unknown>,
): Promise<string> {
  const signingInput = `${encode({ alg: signer.algorithm, typ, kid: signer.keyId })}.${encode(claims)}`;
  const signature = await signer.sign(Buffer.from(signingInput));
  return `${signingInput}.${Buffer.from(signature).toString('base64url')}`;
}

/** Signs the claims for one client by the secret that it has, too (RFC 7518 3.2, HS256). Such a key has no `kid`. */
export function signJwtBySecret(secret: string, typ: string | undefined, claims: Record<string, unknown>): string {
  // RFC 7518 3.2: a key of the same size as the hash output or larger MUST be used.
  if (Buffer.byteLength(secret) < 32) throw new Error('A secret of fewer than 32 bytes does not sign.');
  const signingInput = `${encode({ alg: 'HS256', typ })}.${encode(claims)}`;
  return `${signingInput}.${createHmac('sha256', secret).update(signingInput).digest('base64url')}`;
}

/**
 * Takes a token of our own making apart.
 *
 * @throws Refusal `issuance.token_malformed` for everything that `signJwt` does not write: other serializations, padding,
 * members that are named twice (RFC 7515 4), numbers in unusual spelling.
 */
export function parseOwnJws(token: string): ParsedJws {
  if (token.length > longestToken) throw refuse('issuance.token_malformed', { reason: 'it is too long' });
  const parts = token.split('.');
  const [header, claims, signature] = parts;
  if (parts.length !== 3 || !header || !claims || !signature) {
    throw refuse('issuance.token_malformed', { reason: 'it does not have the three parts of a signed token' });
  }
  return {
    header: decodeObject(header),
    claims: decodeObject(claims),
    signingInput: Buffer.from(`${header}.${claims}`),
    signature: decode(signature),
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  // One text per value: no padding, no foreign characters, no bits left over (RFC 7515 2, RFC 4648 3.5).
  if (bytes.toString('base64url') !== part) throw refuse('issuance.token_malformed', { reason: 'it is not base64url' });
  return bytes;
}

function decodeObject(part: string): Record<string, unknown> {
  const text = decode(part).toString('utf8');
  const value = parseJson(text);
  // What we wrote reads back as the same text, so that no two readers can see different values in it.
  if (typeof value !== 'object' || value === null || Array.isArray(value) || JSON.stringify(value) !== text) {
    throw refuse('issuance.token_malformed', { reason: 'a part of it is no JSON object as this hub writes it' });
  }
  return value as Record<string, unknown>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
