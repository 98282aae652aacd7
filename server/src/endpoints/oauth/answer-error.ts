import { Refusal } from '../../refusal.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { errorPage, type PageFrame } from '../sign-in/index.ts';
import { OAuthError } from './error.ts';

/** Who reads the answer of an endpoint. */
export type Reader = 'person' | 'program';

/**
 * Answers what was refused before the provider was asked or while it worked: a person by a page, a program by RFC 6749
 * 5.2. What is no refusal goes on to the web server.
 *
 * @param frame  what stands around such a page, when the tenant is known
 */
export async function answeringErrors(
  reader: Reader,
  request: HttpRequest,
  work: () => Promise<HttpResponse>,
  frame: () => Promise<PageFrame | undefined> = async () => undefined,
): Promise<HttpResponse> {
  try {
    return await work();
  } catch (thrown) {
    const answer = describe(thrown);
    if (!answer) throw thrown;
    return reader === 'person' ? errorPage(request, await frame(), answer) : errorBody(answer);
  }
}

interface Described {
  status: number;
  error: string;
  reason: string;
}

function describe(thrown: unknown): Described | undefined {
  if (thrown instanceof OAuthError) return { status: thrown.status, error: thrown.code, reason: thrown.message };
  // The protocol has no word for what features refuse; 5.2 wants 400 for everything but a client that is not known.
  return thrown instanceof Refusal ? { status: 400, error: 'invalid_request', reason: thrown.message } : undefined;
}

function errorBody({ status, error, reason }: Described): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify({ error, error_description: reason }),
  };
}
