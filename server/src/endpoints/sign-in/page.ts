import {
  acceptedLanguages,
  assetsPath,
  chooseLanguage,
  continuePage,
  formPage,
  type PageContext,
  pagePolicy,
  print,
  translator,
} from '../../pages/index.ts';
import type { Form, UserFlow } from '../../user-flows/index.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';

/** What a page shows besides its form. */
export interface PageFrame {
  /** Languages that the application asked for, before those of the browser. */
  uiLocales: readonly string[];
  texts?: UserFlow['texts'];
  /** Whose page it is. */
  name?: string;
}

/** A form as the answer to a request. */
export function formAnswer(
  request: HttpRequest,
  frame: PageFrame,
  form: Form,
  {
    status = 200,
    action = '',
    token = '',
    headers = {},
  }: {
    status?: number;
    action?: string;
    token?: string;
    headers?: Readonly<Record<string, string>>;
  } = {},
): HttpResponse {
  const context = pageContext(request, frame, action, token);
  return answer(status, print(formPage(context, form)), headers);
}

/** A page that leads on to another address by itself. */
export function continueAnswer(
  request: HttpRequest,
  frame: PageFrame,
  url: string,
  headers: Readonly<Record<string, string | readonly string[]>>,
): HttpResponse {
  return answer(200, print(continuePage(pageContext(request, frame, '', ''), url)), headers);
}

function pageContext(request: HttpRequest, frame: PageFrame, action: string, csrfToken: string): PageContext {
  const language = chooseLanguage([...frame.uiLocales, ...acceptedLanguages(request.headers['accept-language'] ?? '')]);
  return {
    language,
    translate: translator(language, frame.texts?.[language]),
    ...(frame.name !== undefined && { brand: { name: frame.name, links: [] } }),
    assets: assetsPath,
    action,
    csrfToken,
    reference: request.requestId,
  };
}

function answer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string | readonly string[]>>,
): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy, ...headers },
    body,
  };
}
