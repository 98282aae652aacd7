import type { HttpRequest, HttpResponse } from '../http.ts';
import { formAnswer, type PageFrame } from './page.ts';

/**
 * A page for the person in whose browser a request went wrong: nothing redirects before the reply address is proven.
 * @param text  key of what it says; that an application asked wrongly, unless something else is given
 */
export function errorPage(
  request: HttpRequest,
  frame: PageFrame | undefined,
  {
    status,
    error,
    reason,
    text = 'oauth.request_refused',
  }: { status: number; error: string; reason: string | undefined; text?: string },
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
        { kind: 'notice', tone: 'error', text: { key: text } },
        { kind: 'facts', facts },
      ],
    },
    { status },
  );
}
