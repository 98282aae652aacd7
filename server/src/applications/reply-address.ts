import type { AttributeValue } from '../directory/index.ts';
import type { RegisteredReplyAddresses } from './application.ts';

/** What runs at a reply address: a web server, a script in a browser, or a program that can keep no secret. */
export type ReplyAddressKind = 'web' | 'spa' | 'publicClient';

export const replyAddressKinds = ['web', 'spa', 'publicClient'] as const satisfies ReplyAddressKind[];

/** Schemes that make a browser run or show something itself instead of handing the answer to a program. */
const unsafeSchemes = new Set(
  'about blob chrome content data file filesystem ftp intent javascript mailto resource vbscript view-source ws wss'.split(
    ' ',
  ),
);

/** Scheme, authority (undefined where there is none) and the rest of an address, as it is written (RFC 3986 3). */
const parts = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?([^#]*)$/i;
/** Host with an explicit port apart. */
const hostAndPort = /^(\[[0-9a-f:.]+\]|[^:[\]]*)(?::([0-9]+))?$/i;
const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

interface Split {
  scheme: string;
  authority: string | undefined;
  host: string;
  port: string | undefined;
  rest: string;
}

/** Undefined for what is no address without fragment, written in printable ASCII (RFC 3986 2). */
function split(address: string): Split | undefined {
  // Only ASCII, so that lower case folds nothing else into it: the Kelvin sign would become a k.
  if (!/^[\x21-\x7e]+$/.test(address) || address.includes('\\')) return undefined;
  const [, scheme = '', authority, rest = ''] = parts.exec(address) ?? [];
  if (scheme === '') return undefined;
  const [, host = '', port] = hostAndPort.exec((authority ?? '').toLowerCase()) ?? [];
  return { scheme: scheme.toLowerCase(), authority: authority?.toLowerCase(), host, port, rest };
}

/**
 * Finds the registered address that the asked one is. Scheme and host compare without regard to case, all else as it is
 * written, character by character (RFC 6749 3.1.2.3, RFC 3986 6.2.2.1); an empty path equals `/` (RFC 3986 6.2.3).
 * Where a loopback address is registered without a port, any port matches (RFC 8252 7.3).
 */
export function findReplyAddress(
  registered: RegisteredReplyAddresses,
  asked: string,
): { kind: ReplyAddressKind; address: string } | undefined {
  const wanted = split(asked);
  if (!wanted) return undefined;
  for (const kind of replyAddressKinds) {
    for (const address of registered[kind]?.redirectUris ?? []) {
      const candidate = split(address);
      if (candidate && isSame(candidate, wanted)) return { kind, address: asked };
    }
  }
  return undefined;
}

function isSame(registered: Split, asked: Split): boolean {
  if (registered.scheme !== asked.scheme || pathOf(registered) !== pathOf(asked)) return false;
  if (registered.authority === asked.authority) return true;
  const takesAnyPort = isLoopback(registered) && registered.port === undefined;
  return takesAnyPort && registered.host === asked.host && Number(asked.port) <= 65_535;
}

function pathOf({ authority, rest }: Split): string {
  return authority !== undefined && !rest.startsWith('/') ? `/${rest}` : rest;
}

function isLoopback({ scheme, host }: Split): boolean {
  return scheme === 'http' && loopbackHosts.has(host);
}

/** Makes the check that says why an address must not be registered for this kind. */
export function replyAddressProblem(kind: ReplyAddressKind): (value: AttributeValue) => string | undefined {
  return (value) => {
    const reason = whyInvalid(kind, String(value));
    return reason && `has the address ${value}, which cannot be registered: ${reason}`;
  };
}

function whyInvalid(kind: ReplyAddressKind, address: string): string | undefined {
  // RFC 6749 3.1.2: the redirection endpoint URI MUST NOT include a fragment component.
  if (address.includes('#')) return 'it has a fragment';
  if (address.includes('*')) return 'it has a wildcard, and addresses match exactly';
  const given = split(address);
  if (!given) return 'it is no absolute URI in ASCII';
  if (/\/(\.|%2e){1,2}(\/|\?|$)/i.test(given.rest)) return 'its path has dot segments';
  if (given.scheme === 'https' || given.scheme === 'http') return whyInvalidForWeb(given);
  if (kind !== 'publicClient') return 'only public clients have other schemes than https';
  if (unsafeSchemes.has(given.scheme)) return `browsers act on ${given.scheme}: themselves`;
  return given.authority === undefined && given.rest === '' ? 'nothing follows the scheme' : undefined;
}

function whyInvalidForWeb(given: Split): string | undefined {
  if (given.authority?.includes('@')) return 'it has user information';
  const isSpelledWell =
    /^([a-z0-9._-]+|\[.+\])$/.test(given.host) && URL.canParse(`${given.scheme}://${given.authority}`);
  if (!isSpelledWell) return 'its host or port is malformed';
  // RFC 8252 8.3, OAuth 2.1 2.3.1: without TLS only on the loopback interface.
  return given.scheme === 'http' && !isLoopback(given) ? 'http is for loopback addresses only' : undefined;
}
