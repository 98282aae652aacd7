import type { Failure, HttpResponse } from './route.ts';

/** The answer to a failure where no protocol has a form for it. */
export function plainAnswer({ status, code, message, requestId }: Failure): HttpResponse & { body: string } {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ error: { code, message, requestId } }),
  };
}
