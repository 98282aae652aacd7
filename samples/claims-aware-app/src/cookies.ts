import { digestOf } from './sessions.ts';

const names = { session: 'claims-aware', end: 'claims-aware-end' } as const;

/** With https no other host of the domain can set it (RFC 6265bis 4.1.3.2). */
export function cookieName(publicUrl: string, kind: keyof typeof names = 'session'): string {
  return publicUrl.startsWith('https:') ? `__Host-${names[kind]}` : names[kind];
}

/**
 * The cookies for a session's secret. The one that opens the session is Lax: it comes along when the browser returns from
 * the hub, and with no form that another site posts. The other goes into frames of the hub as well, so that a sign-out
 * there reaches this application; it can end the session and nothing else.
 */
export function setCookies(publicUrl: string, secret: string): string[] {
  const age = secret === '' ? '; Max-Age=0' : '';
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  const digest = secret && digestOf(secret);
  return [
    `${cookieName(publicUrl)}=${secret}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`,
    `${cookieName(publicUrl, 'end')}=${digest}; Path=/; HttpOnly; SameSite=None; Secure${age}`,
  ];
}

/** The value of a cookie in the header of a request; empty without one. */
export function readCookie(header: string | undefined, name: string): string {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}
