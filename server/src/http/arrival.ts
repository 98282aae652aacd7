import { clientAddress, isLoopback } from './client-address.ts';
import { refuse } from './errors.ts';

/** What a request looked like on its connection. */
export interface RawRequest {
  /** The request target as sent (RFC 9112 3.2). */
  target: string;
  /** Every Host header. */
  hosts: readonly string[];
  headers: Readonly<Record<string, string | string[] | undefined>>;
  socketAddress: string;
  isEncrypted: boolean;
}

/** What the settings say about the way to us. */
export interface Surroundings {
  publicUrl: URL;
  isTrustedProxy: (address: string) => boolean;
  longestUrl: number;
}

/** Where a request came from and what it is for, as the client sees it. */
export interface Arrival {
  url: URL;
  remoteAddress: string;
  /** True when the client runs on this machine, and no proxy that we do not know stands between. */
  isLocal: boolean;
}

/** A host name or address with an optional port; nothing that the parser of URLs would read as anything else. */
const hostForm = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i;

/**
 * Reads where a request came from and which URL the client used. X-Forwarded-For, -Host and -Proto count only when a
 * trusted proxy sent the request; of lists, what the nearest proxy wrote.
 *
 * @throws Refusal `http.malformed_request`, `http.malformed_url`, `http.url_too_long`
 */
export function readArrival(raw: RawRequest, surroundings: Surroundings): Arrival {
  const isForwarded = surroundings.isTrustedProxy(raw.socketAddress);
  const forwarded = (name: string) => (isForwarded ? lastOf(raw.headers[`x-forwarded-${name}`]) : undefined);
  const remoteAddress = clientAddress(
    raw.socketAddress,
    listOf(raw.headers['x-forwarded-for'])?.join(','),
    surroundings.isTrustedProxy,
  );
  const scheme = raw.isEncrypted ? 'https' : (forwarded('proto')?.toLowerCase() ?? 'http');
  if (scheme !== 'https' && scheme !== 'http') throw refuse('http.malformed_request', { reason: 'X-Forwarded-Proto' });

  // RFC 9112 3.2: more than one Host is refused; only HTTP/1.0 may leave it out. 3.2.2: the host of an absolute target
  // counts instead of Host.
  if (raw.hosts.length > 1) throw refuse('http.malformed_request', { reason: 'it has two Host headers' });
  if (raw.target.length > surroundings.longestUrl) {
    throw refuse('http.url_too_long', { limit: surroundings.longestUrl });
  }
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(raw.target);
  const host = forwarded('host') ?? absolute?.[1] ?? raw.hosts[0] ?? surroundings.publicUrl.host;
  const target = absolute ? (absolute[2] ?? '') : raw.target;
  if (!/^([/?]|\*?$)/.test(target)) throw refuse('http.malformed_url');
  // A # would begin a fragment, which no request has.
  const path = target === '*' ? '' : target.replaceAll('#', '%23');
  const url = hostForm.test(host) ? URL.parse(`${scheme}://${host}${path}`) : null;
  if (!url) throw refuse('http.malformed_request', { reason: 'its Host is no host name' });
  simplifyPath(url);

  const passedByStranger = !isForwarded && ('x-forwarded-for' in raw.headers || 'forwarded' in raw.headers);
  return { url, remoteAddress, isLocal: isLoopback(remoteAddress) && !passedByStranger };
}

/**
 * Slashes in a row are one and a slash at the end is none, since well-known clients send both. `.` and `..` were resolved
 * with the URL, before anybody looks at the path.
 */
function simplifyPath(url: URL): void {
  const { pathname } = url;
  // Interop: azure-cli asks for //metadata/endpoints and the managed identity clients for .../token/.
  const simple = pathname.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
  if (simple !== pathname) url.pathname = simple;
  if (!isDecodable(simple)) throw refuse('http.malformed_url');
}

function isDecodable(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes('\0');
  } catch {
    return false;
  }
}

function listOf(header: string | string[] | undefined): string[] | undefined {
  return typeof header === 'string' ? [header] : header;
}

function lastOf(header: string | string[] | undefined): string | undefined {
  const entries = listOf(header)?.join(',').split(',');
  return entries?.at(-1)?.trim() || undefined;
}
