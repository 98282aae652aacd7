import type { HttpRequest } from '../http.ts';

const text = new TextDecoder();

/** The parameters of a request: of a posted form, otherwise of the address. */
export function parametersOf({ method, url, body }: HttpRequest): URLSearchParams {
  return new URLSearchParams(method === 'POST' ? text.decode(body) : url.search);
}

/** The same request with these parameters. */
export function withParameters(request: HttpRequest, parameters: URLSearchParams): HttpRequest {
  if (request.method === 'POST') return { ...request, body: new TextEncoder().encode(parameters.toString()) };
  const url = new URL(request.url);
  url.search = parameters.toString();
  return { ...request, url };
}
