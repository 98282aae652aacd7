import { type DirectoryObject, type DirectoryStores, findDirectoryRole, listRolesHeldBy } from '../directory/index.ts';
import type { AccessToken } from '../issuance/index.ts';
import { Refusal } from '../refusal.ts';
import type { Caller } from './caller.ts';

/** Nobody who is known here calls. Answered by 401 in the form of each API. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError';
  /** Value of the header WWW-Authenticate (RFC 9110 11.6.1). */
  readonly challenge: string;

  constructor(message: string, challenge: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.challenge = challenge;
  }
}

/** Checks an access token, and tells what it says. @throws Refusal with a status of 401 */
export type VerifyToken = (token: string) => Promise<AccessToken>;

/**
 * Finds out who calls. The token says who and in which tenant; that the user or service principal is there, enabled, and
 * which administrative roles it holds, is looked up, so that taking rights away works at once.
 *
 * @param origin of this server, where clients learn how to sign in
 * @throws UnauthenticatedError
 */
export async function authenticate(
  authorization: string | undefined,
  verifyToken: VerifyToken,
  stores: DirectoryStores,
  origin: string,
): Promise<Caller> {
  // RFC 6750 2.1; RFC 9110 11.1: the scheme is compared without regard to case.
  const [, token] = /^bearer +([\w.~+/-]+=*)$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) throw unauthenticated(origin, 'Access token is empty. Send it as Authorization: Bearer.');
  const said = await verifyToken(token).catch((error: unknown) => {
    if (error instanceof Refusal && error.status === 401)
      throw unauthenticated(origin, error.message, 'invalid_token', error);
    throw error;
  });
  const [principal, directoryRoles] = await Promise.all([
    stores.objects.find(said.tenantId, said.subject.id),
    rolesOf(stores, said),
  ]);
  if (!isEnabled(principal, said)) {
    throw unauthenticated(origin, 'Whom the token was issued for is disabled or gone.', 'invalid_token');
  }
  return {
    kind: said.subject.kind,
    id: said.subject.id,
    name: said.userPrincipalName ?? said.name ?? said.clientId,
    tenantId: said.tenantId,
    scopes: said.scopes,
    permissions: said.roles,
    directoryRoles,
  };
}

async function rolesOf(stores: DirectoryStores, { tenantId, subject }: AccessToken): Promise<string[]> {
  const ids = await listRolesHeldBy(stores, tenantId, subject.id);
  return ids.flatMap((id) => findDirectoryRole(id)?.displayName ?? []);
}

function isEnabled(principal: DirectoryObject | undefined, { subject }: AccessToken): boolean {
  const kind = subject.kind === 'user' ? 'user' : 'servicePrincipal';
  return principal?.kind === kind && principal.attributes['accountEnabled'] !== false;
}

/** RFC 6750 3: the challenge, with an error only when there was a token. */
function unauthenticated(origin: string, message: string, error?: string, cause?: unknown): UnauthenticatedError {
  const parameters = [
    'realm=""',
    `authorization_uri="${origin}/common/oauth2/v2.0/authorize"`,
    ...(error ? [`error="${error}"`, `error_description="${message.replaceAll(/["\\]/g, '')}"`] : []),
  ];
  return new UnauthenticatedError(message, `Bearer ${parameters.join(', ')}`, cause);
}
