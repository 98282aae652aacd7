import { verify } from 'node:crypto';
import { RecentlyUsed } from '../recently-used.ts';
import { type AccessToken, accessTokenType, issuersOf } from './access-token.ts';
import type { PresentedProof, ProofChecks } from './dpop-proof.ts';
import { refuse } from './errors.ts';
import { type ParsedJws, parseOwnJws } from './jws.ts';
import type { KeyRing, VerificationKey } from './key-ring.ts';

/** What tokens must be good for. */
export interface Expectation {
  publicUrl: URL;
  /** Names of the API that is called; a token must be for one of them. */
  audiences: ReadonlySet<string>;
  /** Whether a host name belongs to the tenant, so that its tokens are issued there as well. */
  isHostOf(host: string, tenantId: string): Promise<boolean>;
  proofs: ProofChecks;
  now: () => Date;
}

/** Verifies an access token, sent with a proof where it was sent as one that is bound to a key. */
export type AccessTokenVerifier = (token: string, proof?: PresentedProof) => Promise<AccessToken>;

/** By how much the clocks of our own processes may differ, in seconds. */
const clockSkewSeconds = 60;
/** Tokens whose signature was found right, at about 4 KB each: clients send the same one with every request. */
const mostVerified = 2_000;

/** What the signature of a token was found to cover. */
interface Verified {
  keyId: string;
  tenantId: string;
  claims: Record<string, unknown>;
}

/**
 * Makes the function that verifies access tokens of this hub (RFC 9068 4, RFC 8725 3). Only a published key of the tenant
 * that a token names can make it valid, so the caller may act in `tenantId` of the answer and nowhere else. A signature is
 * checked once; that its key is still published, and the times, are looked at with every use.
 *
 * @returns a function that throws a Refusal with a code of `issuance.token_*` or `issuance.proof_*`
 */
export function accessTokenVerifier(keys: KeyRing, expected: Expectation): AccessTokenVerifier {
  const known = new RecentlyUsed<Verified>(mostVerified);
  return async (token, proof) => {
    const verified = known.get(token) ?? (await verifySignature(keys, token));
    if (!(await keys.find(verified.tenantId, verified.keyId))) throw refuse('issuance.token_key_unknown');
    await checkIssuer(verified.claims['iss'], verified.tenantId, expected);
    checkClaims(verified.claims, expected);
    known.keep(token, verified);
    const said = readAccessToken(verified.claims, verified.tenantId);
    await checkBinding(verified.claims['cnf'], { token, said, proof }, expected);
    return said;
  };
}

async function verifySignature(keys: KeyRing, token: string): Promise<Verified> {
  const jws = parseOwnJws(token);
  const keyId = checkHeader(jws.header);
  const { claims } = jws;
  const tenantId = text(claims, 'tid');
  const key = guid.test(tenantId) ? await keys.find(tenantId, keyId) : undefined;
  if (!key) throw refuse('issuance.token_key_unknown');
  checkSignature(key, jws);
  return { keyId, tenantId, claims };
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** An RFC 7638 thumbprint by SHA-256: nothing else names one of our keys. */
const thumbprint = /^[A-Za-z0-9_-]{43}$/;
const ourParameters = new Set(['alg', 'typ', 'kid']);

/** The algorithm is not looked at here: the key that `kid` names knows its own. */
function checkHeader(header: Record<string, unknown>): string {
  // Keys and key addresses in the header (jwk, jku, x5u, x5c) and extensions (crit, b64, zip) are never ours.
  const foreign = Object.keys(header).find((name) => !ourParameters.has(name));
  if (foreign !== undefined) {
    throw refuse('issuance.token_type', { reason: 'its header has members that access tokens do not have' });
  }
  // RFC 9068 4: the resource server MUST verify that typ is at+jwt. RFC 8725 3.11.
  if (header['typ'] !== accessTokenType) throw refuse('issuance.token_type', { reason: `its typ is not at+jwt` });
  const { kid } = header as { kid?: unknown };
  if (typeof kid !== 'string' || !thumbprint.test(kid)) throw refuse('issuance.token_key_unknown');
  return kid;
}

function checkSignature(key: VerificationKey, { header, signingInput, signature }: ParsedJws): void {
  // RFC 8725 3.1: the algorithm is the key's, and the header must say the same.
  const isRight =
    header['alg'] === key.algorithm &&
    verify('sha256', signingInput, { key: key.publicKey, dsaEncoding: 'ieee-p1363' }, signature);
  if (!isRight) throw refuse('issuance.token_signature');
}

/** RFC 9068 4: exactly an issuer of ours, and one of the tenant whose key signed. */
async function checkIssuer(issuer: unknown, tenantId: string, { publicUrl, isHostOf }: Expectation): Promise<void> {
  const said = String(issuer);
  if (issuersOf(publicUrl, tenantId).includes(said)) return;
  const url = URL.parse(said);
  const isOurs = url !== null && issuersOf(url, tenantId).includes(said) && (await isHostOf(url.hostname, tenantId));
  if (!isOurs) throw refuse('issuance.token_issuer');
}

function checkClaims(claims: Record<string, unknown>, expected: Expectation): void {
  // RFC 9068 4: the audience, exactly.
  if (!expected.audiences.has(text(claims, 'aud'))) throw refuse('issuance.token_audience');
  const now = expected.now().getTime() / 1000;
  // RFC 7519 4.1.4: MUST NOT be accepted on or after the expiration time.
  if (now - clockSkewSeconds >= time(claims, 'exp')) throw refuse('issuance.token_expired');
  // RFC 7519 4.1.5
  if (now + clockSkewSeconds < Math.max(time(claims, 'nbf'), time(claims, 'iat'))) {
    throw refuse('issuance.token_not_yet_valid');
  }
}

interface Sent {
  token: string;
  said: AccessToken;
  proof: PresentedProof | undefined;
}

/** RFC 9449 7.1: whoever sends a token that is bound to a key proves to hold it (RFC 7800 3.1); no other needs a proof. */
async function checkBinding(confirmation: unknown, { token, said, proof }: Sent, expected: Expectation): Promise<void> {
  if (confirmation === undefined) {
    if (proof) throw refuse('issuance.token_not_bound');
    return;
  }
  const { jkt } = confirmation as { jkt?: unknown };
  if (!proof || typeof jkt !== 'string') throw refuse('issuance.token_bound');
  const { tenantId, clientId } = said;
  // Loaded with the first proof: most clients never send one.
  const { checkDpopProof } = await import('./dpop-proof.ts');
  await checkDpopProof({ ...proof, token, thumbprint: jkt, tenantId, clientId }, expected.proofs, expected.now());
}

const kindOf: Record<string, AccessToken['subject']['kind']> = { user: 'user', app: 'application' };

function readAccessToken(claims: Record<string, unknown>, tenantId: string): AccessToken {
  const kind = kindOf[text(claims, 'idtyp')];
  if (!kind) throw refuse('issuance.token_type', { reason: 'its idtyp is unknown' });
  return {
    id: text(claims, 'jti'),
    tenantId,
    audience: text(claims, 'aud'),
    clientId: text(claims, 'azp'),
    subject: { kind, id: text(claims, 'oid') },
    name: optionalText(claims, 'name'),
    userPrincipalName: optionalText(claims, 'preferred_username'),
    scopes: kind === 'user' ? text(claims, 'scp').split(' ').filter(Boolean) : [],
    roles: texts(claims, 'roles'),
    directoryRoleIds: texts(claims, 'wids'),
    issuedAt: new Date(time(claims, 'iat') * 1000),
    expiresAt: new Date(time(claims, 'exp') * 1000),
  };
}

function text(claims: Record<string, unknown>, name: string): string {
  const value = claims[name];
  if (typeof value !== 'string') throw malformed(name);
  return value;
}

function optionalText(claims: Record<string, unknown>, name: string): string | null {
  return claims[name] === undefined ? null : text(claims, name);
}

function texts(claims: Record<string, unknown>, name: string): string[] {
  const value = claims[name] ?? [];
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) throw malformed(name);
  return value;
}

/** Seconds since the epoch, whole: other spellings of a NumericDate are not ours. */
function time(claims: Record<string, unknown>, name: string): number {
  const value = claims[name];
  if (!Number.isSafeInteger(value)) throw malformed(name);
  return value as number;
}

function malformed(name: string): Error {
  return refuse('issuance.token_malformed', { reason: `the claim ${name} is missing or of the wrong type` });
}
