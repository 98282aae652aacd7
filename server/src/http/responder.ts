import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FoundEndpoint } from './endpoint-table.ts';
import { type Endpoint, routeFor } from './endpoints.ts';
import { refuse } from './errors.ts';
import { type Exchange, exchangeOf } from './exchange.ts';
import { failureOf, refusalOfFramework } from './failure.ts';
import type { Gate } from './gate.ts';
import type { Log } from './log.ts';
import type { HttpOptions } from './open-http.ts';
import { plainAnswer } from './plain-answer.ts';
import type { Failure, HttpRequest, HttpResponse, Route } from './route.ts';
import { securityHeaders } from './security-headers.ts';
import { withinTime } from './within-time.ts';

/** Made once: every new one would take a picture of the stack. */
const clientGone = new DOMException('The client is gone.', 'AbortError');

/** Asks the routes of endpoints and sends what they answer, or the failure in the form of their mount. */
export class Responder {
  readonly #gate: Gate;
  readonly #log: Log;
  readonly #answerTime: number;
  readonly #sizes: { bodyBytes: number; headerBytes: number };
  readonly #failurePage: HttpOptions['failurePage'];

  constructor(
    gate: Gate,
    log: Log,
    answerTime: number,
    sizes: { bodyBytes: number; headerBytes: number },
    failurePage: HttpOptions['failurePage'],
  ) {
    this.#gate = gate;
    this.#log = log;
    this.#answerTime = answerTime;
    this.#sizes = sizes;
    this.#failurePage = failurePage;
  }

  /** Answers a request at an endpoint. */
  async serve(endpoint: FoundEndpoint, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const exchange = exchangeOf(request.raw);
    exchange.operation = endpoint.path;
    const route = routeFor(endpoint, request.method);
    if (!route) {
      if (request.method !== 'OPTIONS') throw refuse('http.method_not_allowed', { method: request.method });
      return this.#send({ status: 204, headers: { allow: endpoint.allow } }, exchange, reply);
    }
    const response = await this.#ask(route, endpoint.parameters, exchange, request, reply);
    exchange.operation = response.operation ?? endpoint.path;
    return this.#send(response, exchange, reply);
  }

  /** Answers a request that was refused or failed; without an endpoint where there is none. */
  async fail(
    endpoint: Endpoint | undefined,
    thrown: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const exchange = exchangeOf(request.raw);
    const { requestId } = exchange;
    const error = refusalOfFramework(thrown, this.#sizes) ?? thrown;
    const failure = failureOf(error, requestId);
    exchange.failure = failure.code;
    if (endpoint) exchange.operation = endpoint.path;
    if (failure.status >= 500) this.#log.error({ requestId, error }, 'a request failed');
    // RFC 9112 9.6: closed while the body still comes, the connection is reset and the answer lost. Node throws the rest away.
    if (failure.code === 'http.body_too_large') reply.removeHeader('connection');
    const answer =
      endpoint?.mount.answerError?.(failure, exchange.url) ?? (await this.#plainly(failure, request.headers));
    const headers = {
      ...(failure.retryAfterSeconds !== undefined && { 'retry-after': String(failure.retryAfterSeconds) }),
      ...(endpoint && failure.status === 405 && { allow: endpoint.allow }),
      ...answer.headers,
    };
    return this.#send({ ...answer, headers }, exchange, reply);
  }

  /** Without a form of the mount's own: a page for browsers, and JSON for everybody else. */
  async #plainly(failure: Failure, headers: FastifyRequest['headers']): Promise<HttpResponse> {
    if (!headers.accept?.includes('text/html')) return plainAnswer(failure);
    try {
      return await this.#failurePage(failure, headers['accept-language'] ?? '');
    } catch (error) {
      this.#log.error({ requestId: failure.requestId, error }, 'the page of a failure failed');
      return plainAnswer(failure);
    }
  }

  #ask(
    route: Route,
    parameters: HttpRequest['parameters'],
    exchange: Exchange,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<HttpResponse> {
    const gone = new AbortController();
    reply.raw.once('close', () => reply.raw.writableFinished || gone.abort(clientGone));
    const asked = {
      method: route.method,
      url: exchange.url,
      parameters,
      // Only Set-Cookie comes as a list, and no client sends it.
      headers: request.headers as Record<string, string | undefined>,
      body: request.body instanceof Uint8Array && request.body.length > 0 ? request.body : undefined,
      remoteAddress: exchange.remoteAddress,
      isLocal: exchange.isLocal,
      requestId: exchange.requestId,
      signal: gone.signal,
      admitTenant: (tenantId: string) => {
        exchange.tenantId = tenantId;
        this.#gate.admitTenant(tenantId);
      },
    };
    return withinTime(this.#answerTime, gone, async () => route.handle(asked));
  }

  #send(response: HttpResponse, exchange: Exchange, reply: FastifyReply): FastifyReply {
    const { status, headers, body } = response;
    const { requestId, clientRequestId } = exchange;
    reply.code(status).headers(securityHeaders(exchange.url)).header('request-id', requestId);
    if (clientRequestId) reply.header(clientRequestId.header, clientRequestId.value);
    for (const [name, value] of Object.entries(headers ?? {})) reply.header(name, value);

    const isWanted = reply.request.method !== 'HEAD';
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
      // RFC 9110 8.6: a 204 has no Content-Length, and that of a 304 would have to be that of the 200.
      if (status !== 204 && status !== 304) reply.header('content-length', body ? Buffer.byteLength(body) : 0);
      return reply.send(isWanted ? body : undefined);
    }
    if (isWanted) return reply.send(Readable.from(this.#watched(body, requestId), { objectMode: false }));
    void body[Symbol.asyncIterator]().return?.();
    return reply.send();
  }

  async *#watched(body: AsyncIterable<Uint8Array | string>, requestId: string) {
    try {
      yield* body;
    } catch (error) {
      this.#log.error({ requestId, error }, 'an answer broke off');
      throw error;
    }
  }
}
