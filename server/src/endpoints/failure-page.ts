import { hasMessage } from '../pages/index.ts';
import type { HttpResponse } from './http.ts';
import { formAnswer } from './sign-in/page.ts';

interface Failure {
  status: number;
  code: string;
  /** In English; for what is said in no other language. */
  message: string;
  requestId: string;
  retryAfterSeconds?: number;
}

/** What people see where nothing answers: a wrong address, too many requests, a bug of ours. */
export function failurePage(failure: Failure, acceptLanguage: string): HttpResponse {
  const { status, code, message, requestId, retryAfterSeconds = 0 } = failure;
  const key = `refused.${code}`;
  const text = hasMessage(key) ? { key, values: { retryAfterSeconds } } : { key: 'text', values: { text: message } };
  return formAnswer(
    { requestId, headers: { 'accept-language': acceptLanguage } },
    { uiLocales: [] },
    { title: { key: 'refused.title' }, blocks: [{ kind: 'notice', tone: 'error', text }] },
    { status },
  );
}
