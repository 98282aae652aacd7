import type { HttpRequest, HttpResponse } from '../http.ts';
import { formAnswer, type PageFrame } from './page.ts';

/** A page for the person in whose browser an application's request went wrong: nothing redirects before the reply address is proven. */
export function errorPage(
  request: HttpRequest,
  frame: PageFrame | undefined,
  { status, error, reason }: { status: number; error: string; reason: string | undefined },
): HttpResponse {
  const facts = [
    { name: { key: 'oauth.error' }, value: error },
    ...(reason === undefined ? [] : [{ name: { key: 'oauth.reason' }, value: reason }]),
  ];
  return formAnswer(
    request,
    frame ?? { uiLocales: [] },
    {
      title: { key: 'refused.title' },
      blocks: [
        { kind: 'notice', tone: 'error', text: { key: 'oauth.request_refused' } },
        { kind: 'facts', facts },
      ],
    },
    { status },
  );
}
