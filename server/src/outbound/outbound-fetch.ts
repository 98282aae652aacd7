import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import type { IncomingMessage, RequestOptions } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { createSecureContext, getCACertificates } from 'node:tls';
import { mayBeCalled } from './special-addresses.ts';

// An import would read all names of the module, and WebSocket among them loads Node's other client for HTTP.
const http = process.getBuiltinModule('node:http');

/** As much of `fetch` as callers need. Redirects are not followed: the answer has their status. */
export type OutboundFetch = (
  url: string | URL,
  init?: {
    method?: string | undefined;
    headers?: ConstructorParameters<typeof Headers>[0];
    body?: string | Uint8Array | undefined;
    signal?: AbortSignal | undefined;
    /** Milliseconds for this call, when fewer than for others. */
    longest?: number | undefined;
  },
) => Promise<Response>;

/** The address is of a private network that the settings do not allow. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
  constructor(host: string) {
    super(`${host} is in a private network, which COUNTERSIGN_ALLOWED_PRIVATE_NETWORKS does not allow to be called.`);
  }
}

export interface OutboundLimits {
  /** Time for a whole call in milliseconds, unless a signal ends it sooner. */
  longest: number;
  /** Largest answer in bytes: key sets and metadata are far smaller than the default. */
  largest: number;
  /** Certificates in PEM of authorities that are trusted besides the public ones and those of `NODE_EXTRA_CA_CERTS`. */
  authorities: readonly string[];
}

const defaultLimits: OutboundLimits = { longest: 10_000, largest: 1_048_576, authorities: [] };

/** Makes the function by which the hub calls out. What a name resolves to is checked where the connection is made. */
export function outboundFetch(allowedNetworks: readonly string[], limits: Partial<OutboundLimits> = {}): OutboundFetch {
  const { longest, largest, authorities } = { ...defaultLimits, ...limits };
  const isAllowed = mayBeCalled(allowedNetworks);
  const options = { lookup: lookupAllowed(isAllowed), keepAlive: true };
  const plain = { request: http.request, agent: new http.Agent(options) };
  let secure: Protocol | undefined;
  const protocols: Readonly<Record<string, () => Protocol>> = {
    'http:': () => plain,
    // Made with the first call: reading all authorities takes tens of milliseconds, which a start does not have.
    'https:': () => {
      secure ??= { request: https.request, agent: new https.Agent({ ...options, ...trusting(authorities) }) };
      return secure;
    },
  };
  return async (address, { method = 'GET', headers, body, signal, longest: own = longest } = {}) => {
    const url = new URL(address);
    const protocol = protocols[url.protocol]?.();
    if (!protocol) throw new TypeError(`${url.protocol} is neither https: nor http:.`);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // A host that is an address is never looked up.
    if (isIP(host) !== 0 && !isAllowed(host)) throw new ForbiddenAddressError(host);
    const { answered, content } = await withDeadline(Math.min(own, longest), signal, async (ended) => {
      const options = { method, headers: Object.fromEntries(new Headers(headers)), signal: ended };
      const message = await send(protocol, url, body, options);
      return { answered: message, content: await read(message, largest) };
    });
    const { statusCode = 500 } = answered;
    // Statuses that have no body must be given none (Fetch 2.2.3).
    const isEmpty = [101, 204, 205, 304].includes(statusCode);
    return new Response(isEmpty ? null : content, { status: statusCode, headers: headersOf(answered) });
  };
}

/** One context for all connections: each that is made parses every authority. */
function trusting(authorities: readonly string[]) {
  if (authorities.length === 0) return {};
  return { secureContext: createSecureContext({ ca: [...getCACertificates('default'), ...authorities] }) };
}

/**
 * Makes the call with a signal that is given with the caller's, or after so many milliseconds. Nothing of it outlives the
 * call: `AbortSignal.timeout` would be kept until its time, and thousands of calls are made meanwhile.
 */
async function withDeadline<Result>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  call: (ended: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const ending = new AbortController();
  const late = () => ending.abort(new DOMException('There was no answer in time.', 'TimeoutError'));
  const timer = setTimeout(late, milliseconds);
  const stop = () => ending.abort(signal?.reason);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await call(ending.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

interface Protocol {
  request: typeof http.request;
  agent: InstanceType<typeof http.Agent>;
}

function send(
  { request, agent }: Protocol,
  url: URL,
  body: string | Uint8Array | undefined,
  options: RequestOptions,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, agent }, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

async function read(message: IncomingMessage, largest: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of message as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > largest) throw new Error(`The answer has more than ${largest} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function headersOf({ headers }: IncomingMessage): Headers {
  const kept = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const each of [value ?? []].flat()) kept.append(name, each);
  }
  return kept;
}

type Answer = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

function lookupAllowed(isAllowed: (address: string) => boolean) {
  return (host: string, options: LookupOptions, answer: Answer): void => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return answer(error, []);
      // One private address among public ones is an attempt to get there at the second try.
      if (!addresses.every(({ address }) => isAllowed(address))) return answer(new ForbiddenAddressError(host), []);
      const [first] = addresses;
      if (options.all || !first) return answer(null, addresses);
      answer(null, first.address, first.family);
    });
  };
}
