import type { BrandingStore, BrandLook } from '../../branding/index.ts';
import type { Tenant } from '../../directory/index.ts';
import {
  acceptedLanguages,
  assetsPath,
  brandOf,
  chooseLanguage,
  continuePage,
  formPage,
  type PageContext,
  type PostedForm,
  pagePolicy,
  policyWithFrames,
  postPage,
  postPagePolicy,
  print,
  type SignedOutView,
  signedOutPage,
  translator,
} from '../../pages/index.ts';
import type { Form, UserFlow } from '../../user-flows/index.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';

/** What a page shows besides its form. */
export interface PageFrame {
  /** Languages that the application asked for, before those of the browser. */
  uiLocales: readonly string[];
  /** Texts of the flow, before those of the tenant. */
  texts?: UserFlow['texts'];
  /** What finds in the logs what happened here. Default: the id of the request. */
  reference?: string;
  /** Whose page it is. */
  name?: string;
  /** How the pages of the tenant look, when it has chosen anything. */
  brand?: { tenant: Tenant; look: BrandLook };
  /** The page has more to show than a form. */
  isWide?: boolean;
}

/** The frame of a tenant's pages: its name, and its look when it has chosen one. */
export async function frameOf(
  branding: Pick<BrandingStore, 'findLook'>,
  tenant: Tenant,
  uiLocales: readonly string[] = [],
): Promise<PageFrame> {
  const look = await branding.findLook(tenant.id);
  return { uiLocales, name: tenant.displayName, ...(look && { brand: { tenant, look } }) };
}

/** What a page must know of the request: the languages of the browser, and where the logs have it. */
type Asked = Pick<HttpRequest, 'headers' | 'requestId'>;

/** A form as the answer to a request. */
export function formAnswer(
  request: Asked,
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

/** A page whose form is posted on to another site by itself. */
export function postAnswer(request: HttpRequest, frame: PageFrame, form: PostedForm): HttpResponse {
  const body = print(postPage(pageContext(request, frame, '', ''), form));
  return answer(200, body, { 'content-security-policy': postPagePolicy, 'cache-control': 'no-store' });
}

/**
 * The page after a session has ended: applications end theirs in frames, and then it leads on.
 *
 * @param framedBy  the origin whose page has this one in a frame
 */
export function signedOutAnswer(
  request: HttpRequest,
  frame: PageFrame,
  signedOut: SignedOutView,
  framedBy?: string,
): HttpResponse {
  const origins = [...new Set(signedOut.frames.map((address) => new URL(address).origin))];
  const page = print(signedOutPage(pageContext(request, frame, '', ''), signedOut));
  return answer(200, page, { 'content-security-policy': policyWithFrames(origins, framedBy) });
}

function pageContext(request: Asked, frame: PageFrame, action: string, csrfToken: string): PageContext {
  const { uiLocales, texts = {}, name, brand, reference = request.requestId } = frame;
  const own = brand?.look.texts ?? {};
  const wanted = [...uiLocales, ...acceptedLanguages(request.headers['accept-language'] ?? '')];
  const language = chooseLanguage(wanted, [...Object.keys(own), ...Object.keys(texts)]);
  return {
    language,
    translate: translator(language, { ...own[language], ...texts[language] }),
    ...(name !== undefined && { brand: { name, links: [] } }),
    ...(brand && { brand: brandOf(brand.tenant, brand.look, language) }),
    isWide: frame.isWide === true,
    assets: assetsPath,
    action,
    csrfToken,
    reference,
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
