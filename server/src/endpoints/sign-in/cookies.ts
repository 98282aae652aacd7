import type { Browser } from '../../sign-in/index.ts';
import type { HttpRequest } from '../http.ts';

/** How long a browser keeps the secret by which it is recognised, in seconds: a year. */
const browserLifetime = 31_536_000;

/** The browser of a request, as its cookies and connection show it. */
export function browserOf(request: HttpRequest, tenantId: string): Browser {
  const cookies = readCookies(request.headers['cookie'] ?? '');
  const names = cookieNames(request.url, tenantId);
  return {
    secret: cookies.get(names.browser) ?? null,
    sessionSecret: cookies.get(names.session) ?? null,
    rememberedHome: cookies.get(names.home) ?? null,
    address: request.remoteAddress,
    origin: request.url.origin,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, 512),
  };
}

/** The cookie by which the browser is recognised, to be set when a sign-in begins. */
export function browserCookie(url: URL, tenantId: string, secret: string): string {
  return setCookie(url, cookieNames(url, tenantId).browser, secret, browserLifetime);
}

/** The cookie of the session with a tenant. Without an end it goes when the browser is closed. */
export function sessionCookie(url: URL, tenantId: string, secret: string, keptSeconds?: number): string {
  return setCookie(url, cookieNames(url, tenantId).session, secret, keptSeconds);
}

/** Takes the cookie of the session with a tenant away. */
export function noSessionCookie(url: URL, tenantId: string): string {
  return setCookie(url, cookieNames(url, tenantId).session, '', 0);
}

/** Remembers at which identity provider somebody signed in last. Its ids are of characters that cookies can have. */
export function homeCookie(url: URL, tenantId: string, provider: string): string {
  return setCookie(url, cookieNames(url, tenantId).home, provider, browserLifetime);
}

/** `__Host-` keeps other hosts of the domain from setting the cookie (RFC 6265bis 4.1.3.2), and needs https. */
function cookieNames({ protocol }: URL, tenantId: string): Record<'browser' | 'session' | 'home', string> {
  const prefix = protocol === 'https:' ? '__Host-' : '';
  return { browser: `${prefix}browser`, session: `${prefix}session-${tenantId}`, home: `${prefix}home-${tenantId}` };
}

/**
 * Interop: MSAL for browsers renews tokens in a hidden frame of the application's page, which is another site: such cookies
 * must be SameSite=None, which browsers take with Secure only.
 */
function setCookie({ protocol }: URL, name: string, value: string, seconds?: number): string {
  const site = protocol === 'https:' ? '; Secure; SameSite=None' : '; SameSite=Lax';
  const age = seconds === undefined ? '' : `; Max-Age=${Math.max(0, Math.floor(seconds))}`;
  return `${name}=${value}; Path=/; HttpOnly${site}${age}`;
}

/** The cookies of a request by name (RFC 6265 5.4). Of two with one name the first counts, whose path is longer. */
function readCookies(header: string): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of header.split(';')) {
    const [name, ...value] = pair.trim().split('=');
    if (name && !cookies.has(name)) cookies.set(name, value.join('='));
  }
  return cookies;
}
