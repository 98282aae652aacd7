import { isIP } from 'node:net';

/** Headers of every answer that does not say otherwise itself. */
const always: Readonly<Record<string, string>> = {
  // Tokens and people's data are in most answers; what may be kept says so (RFC 9111 5.2.2.5).
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * The headers that protect whoever reads the answer. Strict-Transport-Security is left out for `localhost`, where it would
 * spoil other programs' http addresses, and for IP addresses, where it means nothing (RFC 6797 8.1.1).
 */
export function securityHeaders(url: URL): Readonly<Record<string, string>> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const mayPin = url.protocol === 'https:' && host !== 'localhost' && isIP(host) === 0;
  return mayPin ? { ...always, 'strict-transport-security': 'max-age=31536000' } : always;
}
