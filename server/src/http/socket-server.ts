import type { RequestListener, Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { failureOf, refusalOfFramework } from './failure.ts';
import type { Limits } from './limits.ts';
import type { Log } from './log.ts';
import { plainAnswer } from './plain-answer.ts';
import type { Certificates } from './tls/index.ts';

// An import would read all names of the module, and WebSocket among them loads Node's client for HTTP: 9 MB for nothing.
const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http');

/**
 * Node's server with limits on everything that a client could draw out: handshake, headers, body, silence.
 *
 * @param certificates  undefined for plain HTTP
 */
export function createSocketServer(
  handler: RequestListener,
  certificates: Certificates | undefined,
  limits: Limits,
  log: Log,
): Server {
  const options = {
    headersTimeout: limits.headersTime,
    requestTimeout: limits.requestTime,
    keepAliveTimeout: limits.keepAliveTime,
    // How often the times above are looked at.
    connectionsCheckingInterval: Math.min(5_000, limits.headersTime),
    maxHeaderSize: limits.headerBytes,
  };
  const server = certificates
    ? createTlsServer({ ...options, ...certificates.options, handshakeTimeout: limits.handshakeTime }, handler)
    : createServer(options, handler);
  server.setTimeout(limits.silentTime);
  server.on('tlsClientError', (error: Error) => log.debug({ error }, 'a TLS handshake failed'));
  return server;
}

/** How often certificates are looked after, in milliseconds. */
const renewalInterval = 10_000;

/** Gives the server new certificates when there are any, until the function that is returned is called. */
export function keepRenewed(server: Server, certificates: Certificates, log: Log): () => void {
  const timer = setInterval(async () => {
    try {
      const renewed = await certificates.refresh();
      if (renewed && server instanceof TlsServer) server.setSecureContext(renewed);
    } catch (error) {
      log.error({ error }, 'the certificate could not be renewed');
    }
  }, renewalInterval);
  return () => clearInterval(timer);
}

/** Answers what is no HTTP, or too slow or large to become a request, as far as the connection still takes an answer. */
export function answerBrokenRequest(
  error: Error,
  socket: Duplex,
  requestId: string,
  sizes: { bodyBytes: number; headerBytes: number },
  log: Log,
): void {
  const refusal = refusalOfFramework(error, sizes);
  if (!refusal || !socket.writable) {
    socket.destroy();
    return;
  }
  const failure = failureOf(refusal, requestId);
  log.info({ requestId, status: failure.status, failure: failure.code }, 'broken request');
  const { status, body } = plainAnswer(failure);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `request-id: ${requestId}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
