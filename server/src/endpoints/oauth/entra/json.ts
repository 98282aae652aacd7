import type { HttpResponse } from '../../http.ts';

/** A value as JSON that scripts of every origin may read. */
export function json(body: object, status = 200): HttpResponse {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'access-control-allow-origin': '*' };
  return { status, headers, body: JSON.stringify(body) };
}
