import { type DirectoryObject, type DirectoryStores, findDirectoryRole, findWithRoles } from '../directory/index.ts';
import { type AccessToken, type AccessTokenVerifier, dpopAlgorithms } from '../issuance/index.ts';
import { Refusal } from '../refusal.ts';
import type { Caller } from './caller.ts';
import type { HttpRequest } from './http.ts';

/** Nobody who is known here calls. Answered by 401 in the form of each API. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError';
  /** WWW-Authenticate (RFC 9110 11.6.1), and what else tells how to be known. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(message: string, headers: Readonly<Record<string, string>>, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.headers = headers;
  }
}

/** Checks an access token, and tells what it says. @throws Refusal with a status of 401 */
export type VerifyToken = AccessTokenVerifier;

/**
 * Finds out who calls. The token says who and in which tenant; that the user or service principal is there, enabled, and
 * which administrative roles it holds, is looked up, so that taking rights away works at once.
 *
 * @throws UnauthenticatedError
 */
export async function authenticate(
  { method, url, headers }: Pick<HttpRequest, 'method' | 'url' | 'headers'>,
  verifyToken: VerifyToken,
  stores: DirectoryStores,
): Promise<Caller> {
  const { origin } = url;
  // RFC 6750 2.1, RFC 9449 7.1; RFC 9110 11.1: the scheme is compared without regard to case.
  const [, scheme = '', token] = /^(bearer|dpop) +([\w.~+/-]+=*)$/i.exec(headers['authorization'] ?? '') ?? [];
  if (token === undefined) throw unauthenticated(origin, 'Access token is empty. Send it as Authorization: Bearer.');
  const proof = scheme.toLowerCase() === 'dpop' ? { jwt: headers['dpop'] ?? '', method, url } : undefined;
  const said = await verifyToken(token, proof).catch((error: unknown) => {
    if (error instanceof Refusal && error.status === 401) throw refused(origin, error);
    throw error;
  });
  const principal = await findWithRoles(stores, said.tenantId, said.subject.id);
  if (!principal || !isEnabled(principal.object, said)) {
    throw unauthenticated(origin, 'Whom the token was issued for is disabled or gone.', 'invalid_token');
  }
  return {
    kind: said.subject.kind,
    id: said.subject.id,
    name: said.userPrincipalName ?? said.name ?? said.clientId,
    tenantId: said.tenantId,
    scopes: said.scopes,
    permissions: said.roles,
    directoryRoles: principal.roleIds.flatMap((id) => findDirectoryRole(id)?.displayName ?? []),
  };
}

function isEnabled(principal: DirectoryObject, { subject }: AccessToken): boolean {
  const kind = subject.kind === 'user' ? 'user' : 'servicePrincipal';
  return principal.kind === kind && principal.attributes['accountEnabled'] !== false;
}

/** Refusals of tokens that are bound to a key, in the words of RFC 9449 7.1 and 9. */
const dpopErrors: Readonly<Record<string, string>> = {
  'issuance.token_bound': 'invalid_token',
  'issuance.proof_invalid': 'invalid_dpop_proof',
  'issuance.proof_nonce': 'use_dpop_nonce',
};

function refused(origin: string, refusal: Refusal): UnauthenticatedError {
  const { code, message, details } = refusal;
  const error = dpopErrors[code];
  if (error === undefined) return unauthenticated(origin, message, 'invalid_token', refusal);
  const challenge = challengeOf('DPoP', [
    ...parametersOf(origin, message, error),
    `algs="${dpopAlgorithms.join(' ')}"`,
  ]);
  const { nonce } = details;
  return new UnauthenticatedError(
    message,
    { ...challenge, ...(nonce !== undefined && { 'dpop-nonce': String(nonce) }) },
    refusal,
  );
}

function unauthenticated(origin: string, message: string, error?: string, cause?: unknown): UnauthenticatedError {
  return new UnauthenticatedError(message, challengeOf('Bearer', parametersOf(origin, message, error)), cause);
}

function challengeOf(scheme: string, parameters: readonly string[]): Record<string, string> {
  return { 'www-authenticate': `${scheme} ${parameters.join(', ')}` };
}

/** RFC 6750 3: an error only when there was a token. */
function parametersOf(origin: string, message: string, error: string | undefined): string[] {
  return [
    'realm=""',
    `authorization_uri="${origin}/common/oauth2/v2.0/authorize"`,
    ...(error ? [`error="${error}"`, `error_description="${message.replaceAll(/["\\]/g, '')}"`] : []),
  ];
}
