import { SoapFault } from '@countersign/ws-federation';
import { findResource } from '../../applications/index.ts';
import { PresentedTokenError, verifyPresentedToken } from '../../issuance/index.ts';
import { federatedReference, findUserOfToken, mayComeWithToken, ownAccounts } from '../../sign-in/index.ts';
import type { ProvenPerson } from '../ws-federation/index.ts';
import type { Actor } from './prove-actor.ts';
import type { PartyCall } from './ws-trust-call.ts';

/**
 * Whom an access token is about that was made out to the application which acts. It says less than an assertion: not which
 * provider proved who the person is and how far its word may be passed on, nor how it names whoever acts already. Tokens of
 * which that would matter are refused.
 *
 * @throws SoapFault
 */
export async function proveAccessToken(
  { options, tenant, request, act }: PartyCall,
  { application }: Actor,
  token: string,
): Promise<ProvenPerson> {
  const { read } = options.storage;
  const expected = { tenantId: tenant.id, origin: request.url.origin, now: act.now };
  const claims = await verifyPresentedToken(options.keys, expected, token).catch((error) => {
    throw error instanceof PresentedTokenError ? refused(error.message, error) : error;
  });
  // Whoever found or was sent a token for somebody else could otherwise use it here (RFC 8693 5).
  const audience = typeof claims.aud === 'string' ? await findResource(read, tenant.id, claims.aud) : undefined;
  if (audience?.id !== application.id) throw refused('It was not made out to the application that acts.');
  if (claims['act'] !== undefined) throw refused('Somebody acts in it already, of whom a token could not tell.');
  const { auth_time: provenAt = claims.iat, oid = claims.sub, amr } = claims;
  const methods = Array.isArray(amr) ? amr.map(String) : [];
  if (methods.includes(federatedReference)) throw refused('It does not say which identity provider knows the person.');
  // Claims have whole seconds: the proof was given before that second ended, and before now.
  const authenticatedAt = new Date(Math.min(Number(provenAt) * 1000 + 999, act.now.getTime()));
  const user = await findUserOfToken(read, tenant.id, String(oid), authenticatedAt);
  if (!user) throw refused('It is of no user who may sign in, or the sign-in behind it does not count any more.');
  if (!(await mayComeWithToken(read, tenant.id, application, user, methods))) {
    throw refused('The application that acts takes people of other identity providers.');
  }
  return { userId: user.id, authenticatedAt, context: 'singleFactor', home: ownAccounts, accepted: [], actors: [] };
}

function refused(reason: string, cause?: unknown): SoapFault {
  return new SoapFault('trust.delegation', `The access token cannot be used. ${reason}`, { cause });
}
