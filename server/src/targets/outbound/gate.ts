/**
 * The gate for requests to other systems: it connects to public addresses only, unless the settings allow a network. The
 * address is checked when it is connected to, so that no name can change its meaning in between. Redirects are answers
 * like others and are not followed.
 */
import { lookup as resolve } from 'node:dns';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { type BlockList, isIP, type LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { mayReach, networks } from './private-networks.ts';

export interface OutboundRequest {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string;
  timeoutMilliseconds: number;
  signal: AbortSignal;
}

export interface OutboundAnswer {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
}

export interface Gate {
  /** @throws Error whose message says why there is no answer */
  send(request: OutboundRequest): Promise<OutboundAnswer>;
}

/** Longest answer that is read. */
const longestAnswer = 32 * 1024 * 1024;

/** The networks of the setting, for `openGate`. */
export function allowedPrivateNetworks(ranges: readonly string[]): BlockList {
  return networks(ranges);
}

/**
 * @param allowed  private networks that may be reached
 * @param authorities  PEM certificates that are trusted besides the public ones
 */
export function openGate(allowed: BlockList, authorities: readonly string[]): Gate {
  const lookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const refused = addresses.find(({ address }) => !mayReach(address, allowed));
      if (refused) return callback(refusedAddress(hostname, refused.address), '');
      if (options.all) return callback(null, addresses);
      const [first] = addresses;
      callback(null, first?.address ?? '', first?.family ?? 4);
    });
  };
  const agents = {
    'http:': new HttpAgent({ keepAlive: true, lookup }),
    'https:': new HttpsAgent({ keepAlive: true, lookup, ca: [...rootCertificates, ...authorities] }),
  };

  return {
    async send({ method, url, headers, body, timeoutMilliseconds, signal }) {
      const host = url.hostname.replace(/^\[|\]$/g, '');
      // A literal address is never looked up.
      if (isIP(host) && !mayReach(host, allowed)) throw refusedAddress(host, host);
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
      const agent = agents[url.protocol as keyof typeof agents];
      if (!agent) throw new Error(`Only http and https are spoken, not ${url.protocol}`);
      const send = url.protocol === 'https:' ? requestHttps : requestHttp;
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const response = await new Promise<IncomingMessage>((resolveWith, reject) => {
        const sent = send(url, { method, headers: { ...headers, ...length }, agent, signal: limit }, resolveWith);
        sent.on('error', reject);
        sent.end(body);
      });
      return { status: response.statusCode ?? 0, headers: headersOf(response), body: await textOf(response) };
    },
  };
}

function headersOf({ headers }: IncomingMessage): OutboundAnswer['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response) {
    length += part.length;
    if (length > longestAnswer) {
      response.destroy();
      throw new Error(`The answer is longer than ${longestAnswer} bytes.`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function refusedAddress(host: string, address: string): Error {
  return new Error(
    `${host} has the private address ${address}: allow its network in COUNTERSIGN_ALLOWED_PRIVATE_NETWORKS if it is meant.`,
  );
}
