import type * as oauth from 'oauth4webapi';
import { digestOf } from '../../sign-in/index.ts';
import type { OidcTrust, UpstreamSession } from '../../upstream-providers/index.ts';

/** How a provider named its session to us. */
export interface OidcSession {
  /** The `sub` of the ID token, whatever claim names the person here. */
  subject: string;
  /** The `sid` of the ID token, which not all have (OpenID Connect Front-Channel Logout 1.0 3). */
  sessionId: string | null;
  /** The ID token, where the provider will be told of the end. */
  idToken: string | null;
}

/** A longer one would make an address that web servers refuse; the provider asks the person then. */
const longestIdToken = 4_000;

/** The session of an ID token, to be kept with ours. */
export function sessionOf(
  providerId: string,
  { endsSession }: OidcTrust,
  { sub, sid }: oauth.IDToken,
  idToken: string,
): UpstreamSession {
  const sessionId = typeof sid === 'string' && sid !== '' ? sid : null;
  const isHint = endsSession && idToken.length <= longestIdToken;
  const session: OidcSession = { subject: sub, sessionId, idToken: isHint ? idToken : null };
  return {
    key: subjectKey(providerId, sub),
    ...(sessionId !== null && { sessionKey: sessionKey(providerId, sessionId) }),
    state: JSON.stringify(session),
  };
}

/** By which all sessions of a person are found. */
export function subjectKey(providerId: string, subject: string): string {
  return digestOf(JSON.stringify(['sub', providerId, subject]));
}

/** By which one session is found. */
export function sessionKey(providerId: string, sessionId: string): string {
  return digestOf(JSON.stringify(['sid', providerId, sessionId]));
}
