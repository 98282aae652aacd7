import type { IncomingMessage } from 'node:http';
import { type Arrival, readArrival, type Surroundings } from './arrival.ts';
import { plainAddress } from './client-address.ts';

/** One request and its answer, as log and metrics tell of it. */
export interface Exchange extends Arrival {
  requestId: string;
  /** The request id that the client gave, if it is a GUID, with the header in which it goes back. */
  clientRequestId: { header: string; value: string } | undefined;
  /** In milliseconds of the monotonic clock. */
  startedAt: number;
  /** Why the request cannot be read; then it has the public URL. */
  unreadable: unknown;
  /** Path of the route, or what the answer said was done. */
  operation: string;
  tenantId: string | undefined;
  /** Code of the failure that was answered. */
  failure: string | undefined;
}

const exchanges = new WeakMap<IncomingMessage, Exchange>();

/** Begins the record of a request. A request that cannot be read has a record as well. */
export function beginExchange(
  request: IncomingMessage,
  surroundings: Surroundings,
  requestId: string,
  startedAt: number,
): Exchange {
  const { arrival, unreadable } = tryToRead(request, surroundings);
  const exchange: Exchange = {
    ...arrival,
    unreadable,
    requestId,
    clientRequestId: clientRequestId(request),
    startedAt,
    operation: 'unknown',
    tenantId: undefined,
    failure: undefined,
  };
  exchanges.set(request, exchange);
  return exchange;
}

/** The record of a request that was begun. */
export function exchangeOf(request: IncomingMessage): Exchange {
  const exchange = exchanges.get(request);
  if (!exchange) throw new Error('A request was routed before its record was begun.');
  return exchange;
}

function tryToRead(request: IncomingMessage, surroundings: Surroundings): { arrival: Arrival; unreadable: unknown } {
  const { socket, rawHeaders } = request;
  const socketAddress = socket.remoteAddress ?? '';
  const raw = {
    target: request.url ?? '/',
    // Names and values alternate; `headers` would hide a second Host.
    hosts: rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host'),
    headers: request.headers,
    socketAddress,
    isEncrypted: 'encrypted' in socket,
  };
  try {
    return { arrival: readArrival(raw, surroundings), unreadable: undefined };
  } catch (error) {
    const arrival = { url: surroundings.publicUrl, remoteAddress: plainAddress(socketAddress), isLocal: false };
    return { arrival, unreadable: error };
  }
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function clientRequestId({ headers }: IncomingMessage): Exchange['clientRequestId'] {
  for (const header of ['client-request-id', 'x-ms-client-request-id']) {
    const value = headers[header];
    if (typeof value === 'string' && guid.test(value)) return { header, value };
  }
  return undefined;
}
