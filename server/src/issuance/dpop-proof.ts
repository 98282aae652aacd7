import { hash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose';
import { type DpopNonces, dpopAlgorithms } from './dpop.ts';
import { refuse } from './errors.ts';

/** A proof as a request carries it (RFC 9449 4.1), with the request. */
export interface PresentedProof {
  /** Of the header DPoP. */
  jwt: string;
  method: string;
  url: URL;
}

/** What a proof is held against besides its request. */
export interface ProofChecks {
  nonces: DpopNonces;
  /** Whether proofs of the client must have a nonce. */
  demandsNonce(tenantId: string, clientId: string): Promise<boolean>;
  /** Remembers an id until then; false when it was used before. */
  useId(tenantId: string, id: string, until: Date): Promise<boolean>;
}

/** Whom the proof has to be of. */
interface Bound extends PresentedProof {
  token: string;
  /** SHA-256 thumbprint of the key to which the token is bound (RFC 9449 6.1). */
  thumbprint: string;
  tenantId: string;
  clientId: string;
}

/** How old or new a proof may be, in seconds: it is made for one request, by another clock. */
const window = 300;

/**
 * Checks that whoever sends an access token holds the key to which it is bound (RFC 9449 4.3, 7.1). A proof counts once.
 *
 * @throws Refusal `issuance.proof_invalid`, `issuance.proof_nonce`
 */
export async function checkDpopProof(bound: Bound, checks: ProofChecks, now: Date): Promise<void> {
  const { payload, protectedHeader } = await verifyProof(bound.jwt, now);
  const { jti, iat, nonce } = payload;
  checkRequest(payload, bound);
  if (typeof jti !== 'string' || jti === '' || jti.length > 256) throw invalid('its jti is no short text');
  // RFC 9449 4.3 step 11
  if (typeof iat !== 'number' || Math.abs(now.getTime() / 1000 - iat) > window) throw invalid('its iat is not near');
  const { jwk } = protectedHeader;
  // Step 12; the thumbprint is RFC 7638's.
  if (!jwk || (await calculateJwkThumbprint(jwk)) !== bound.thumbprint)
    throw invalid('the token is bound to another key');

  const { nonces } = checks;
  // RFC 9449 9: a nonce that is given must be ours, whether it was demanded or not.
  const needsNonce = nonce !== undefined || (await checks.demandsNonce(bound.tenantId, bound.clientId));
  if (needsNonce && !(typeof nonce === 'string' && nonces.isFresh(nonce, now))) {
    throw refuse('issuance.proof_nonce', { nonce: nonces.current(now) });
  }
  // RFC 9449 11.1
  const id = hash('sha256', `DPoP ${bound.thumbprint} ${jti}`, 'base64url');
  const isFirst = await checks.useId(bound.tenantId, id, new Date((iat + window + 1) * 1000));
  if (!isFirst) throw invalid('it was used before');
}

/** Steps 2 to 7: one signed JWT of its own type, by an asymmetric algorithm and the public key in its header. */
async function verifyProof(jwt: string, now: Date): Promise<JWTVerifyResult> {
  try {
    // Times are looked at by `checkDpopProof`: proofs have no others than iat.
    return await jwtVerify(jwt, EmbeddedJWK, { algorithms: [...dpopAlgorithms], typ: 'dpop+jwt', currentDate: now });
  } catch (cause) {
    throw invalid('it is no JWT of the type dpop+jwt that the key in its header has signed', cause);
  }
}

/** Steps 8 to 10. */
function checkRequest(payload: JWTPayload, { method, url, token }: Bound): void {
  const { htm, htu, ath } = payload;
  if (htm !== method) throw invalid('its htm is not the method of the request');
  const address = typeof htu === 'string' ? URL.parse(htu) : null;
  // Query and fragment are ignored.
  if (address?.origin !== url.origin || address.pathname !== url.pathname) {
    throw invalid('its htu is not the address of the request');
  }
  if (ath !== hash('sha256', token, 'base64url')) throw invalid('its ath is not the digest of the access token');
}

function invalid(reason: string, cause?: unknown): Error {
  return refuse('issuance.proof_invalid', { reason }, cause);
}
