import { IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpRequest, HttpResponse } from '../http.ts';

/** Where a request is for, as the provider sees it. */
export interface ProviderAddress {
  /** Path under which the provider stands: `/contoso` or `/contoso/B2C_1_signin`. */
  mount: string;
  /** Path below it, as the provider's routes name it. */
  path: string;
}

/** The request as node:http would hand it over. What the connection says was settled by the web server already. */
export function buildMessage(request: HttpRequest, { mount, path }: ProviderAddress): IncomingMessage {
  const { url, headers, body } = request;
  // The provider asks the socket for just these two.
  const socket = { encrypted: url.protocol === 'https:', remoteAddress: request.remoteAddress };
  const message = new IncomingMessage(socket as unknown as Socket);
  const { 'transfer-encoding': _, ...kept } = headers;
  return Object.assign(message, {
    method: request.method,
    url: path + url.search,
    originalUrl: mount + path + url.search,
    headers: { ...kept, host: url.host, ...(body && { 'content-length': String(body.length) }) },
    complete: true,
  });
}

/** Gives a message to the provider, and its answer back as a value: limits, headers and logs are the web server's. */
export function callProvider(
  handle: RequestListener,
  message: IncomingMessage,
  body: Uint8Array | undefined,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    if (body) message.push(body);
    message.push(null);
    Promise.resolve(handle(message, new CapturedResponse(message, resolve))).catch(reject);
  });
}

/** A response that is kept instead of being sent. */
class CapturedResponse extends ServerResponse {
  readonly #done: (response: HttpResponse) => void;

  constructor(message: IncomingMessage, done: (response: HttpResponse) => void) {
    super(message);
    this.#done = done;
  }

  override end(chunk?: unknown): this {
    this.finished = true;
    const body = typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : undefined;
    this.#done({ status: this.statusCode, headers: headersOf(this), ...(body !== undefined && { body }) });
    return this;
  }
}

/** The web server says itself how long an answer is. */
const ownHeaders = new Set(['content-length', 'transfer-encoding', 'connection', 'date']);

function headersOf(response: ServerResponse): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(response.getHeaders())) {
    if (value !== undefined && !ownHeaders.has(name)) headers[name] = Array.isArray(value) ? value : String(value);
  }
  return headers;
}
