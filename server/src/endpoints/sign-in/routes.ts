import type { BrandingStore } from '../../branding/index.ts';
import { acceptedLanguages } from '../../pages/index.ts';
import { TemporaryFailure } from '../../refusal.ts';
import {
  describeToUpstream,
  type PageRequest,
  returnFromUpstream,
  type SignInStorage,
  showSignIn,
  submitSignIn,
  type Upstream,
  type UpstreamAnswer,
  upstreamPath,
} from '../../sign-in/index.ts';
import type { StepTools } from '../../user-flows/index.ts';
import type { HttpRequest, HttpResponse, Route } from '../http.ts';
import { comeUnasked } from './come-unasked.ts';
import { browserOf, homeCookie, sessionCookie } from './cookies.ts';
import { continueAnswer, formAnswer, frameOf, postAnswer } from './page.ts';
import { readFields, readForm } from './read-form.ts';
import { RefusedTraces } from './refused-traces.ts';

/** What the pages of sign-ins need. */
export interface SignInPageOptions {
  storage: SignInStorage & { readonly read: { branding: BrandingStore } };
  tools: StepTools;
  upstream: Upstream;
  now: () => Date;
  newId: () => string;
  /** 256 random bits in base64url. */
  newSecret: () => string;
  /** Answers what belongs to no sign-in, but to a trial of the provider; undefined: it does not. */
  showTrial?: (request: HttpRequest, state: string, answer: UpstreamAnswer) => Promise<HttpResponse | undefined>;
}

/** Path of a sign-in's pages, on the host on which it began. */
export function signInPath(tenantId: string, signInId: string): string {
  return `/${tenantId}/sign-in/${signInId}`;
}

/** The same, with what is kept of former requests. */
type SignInPageParts = SignInPageOptions & { refusedTraces: RefusedTraces };

/** The pages of sign-ins: one address, which always shows the step that is due. */
export function signInRoutes(given: SignInPageOptions): Route[] {
  const { storage } = given;
  const options: SignInPageParts = { ...given, refusedTraces: new RefusedTraces(storage) };
  return [
    {
      method: 'GET',
      path: signInPath(':tenant', ':id'),
      handle: (request) => show(options, request),
    },
    {
      method: 'POST',
      path: signInPath(':tenant', ':id'),
      async handle(request) {
        const { csrf = '', ...input } = readForm(request);
        const step = request.url.searchParams.get('step') ?? '';
        try {
          await submitSignIn(storage, pageRequest(options, request), { step, token: csrf, input });
        } catch (error) {
          if (error instanceof TemporaryFailure) return show(options, request, error);
          throw error;
        }
        // 303 so that the page is fetched by GET and nothing of what was posted goes along (RFC 9110 15.4.4).
        return { status: 303, headers: { location: request.url.pathname } };
      },
    },
    ...(['GET', 'POST'] as const).map(
      (method): Route => ({
        method,
        path: upstreamPath(':tenant', ':provider'),
        handle: (request) => comeBack(options, method, request),
      }),
    ),
    {
      method: 'GET',
      path: `${upstreamPath(':tenant', ':provider')}/metadata`,
      handle: (request) => describe(options, request),
    },
  ];
}

/** What the administrators of a provider need to know of us. */
async function describe({ storage, upstream, now }: SignInPageOptions, request: HttpRequest): Promise<HttpResponse> {
  const { tenant = '', provider = '' } = request.parameters;
  const body = await describeToUpstream(storage, upstream, tenant, provider, request.url.origin, now());
  request.admitTenant(tenant);
  if (body === undefined) return { status: 404, body: '' };
  return { status: 200, headers: { 'content-type': 'application/samlmetadata+xml' }, body };
}

/** A SAML response of 250 KB, as large as the packages read, in base64. */
const mostAnswerBytes = 349_525;
/** By which parameter OpenID Connect, SAML and WS-Federation send our state back. */
const stateParameters = ['state', 'RelayState', 'wctx'];

/** Every state of ours: a sign-in and what proves it. */
const stateForm = /^[\w-]+\.[\w-]{43}$/;

/** By which parameter SAML sends an answer, or a reference to one. */
const unaskedParameters = ['SAMLResponse', 'SAMLart'];

/** Interop: AD FS cleans up at the address to which people come back, too. */
const cleanup = 'wsignoutcleanup1.0';

/** Where providers send the browser back to: our state says to which sign-in. */
async function comeBack(options: SignInPageParts, method: 'GET' | 'POST', request: HttpRequest): Promise<HttpResponse> {
  const { tenant: tenantId = '', provider = '' } = request.parameters;
  const parameters = method === 'GET' ? request.url.searchParams : readFields(request, mostAnswerBytes);
  const state = stateParameters.map((name) => parameters.get(name)).find((value) => value !== null) ?? '';
  if (parameters.get('wa') === cleanup) {
    // The path as it came: what a name in it is when decoded could lead to another host.
    return { status: 303, headers: { location: `${request.url.pathname}/logout?wa=${cleanup}` } };
  }
  const answer = { method, parameters };
  const trial = await options.showTrial?.(request, state, answer);
  if (trial) return trial;
  if (!stateForm.test(state) && unaskedParameters.some((name) => parameters.has(name))) {
    return comeUnasked(options, request, answer);
  }
  const [signInId = ''] = state.split('.');
  const asked = pageRequest(options, request, signInId);
  const home = await returnFromUpstream(options.storage, options.upstream, asked, provider, state, answer);
  return {
    status: 303,
    headers: {
      location: signInPath(tenantId, signInId),
      'set-cookie': home === undefined ? [] : [homeCookie(request.url, tenantId, home)],
      'cache-control': 'no-store',
    },
  };
}

async function show(
  options: SignInPageOptions,
  request: HttpRequest,
  failure?: TemporaryFailure,
): Promise<HttpResponse> {
  const asked = pageRequest(options, request);
  const shown = await showSignIn(options.storage, options.upstream, asked);
  const { facts } = shown;
  const { tenantId } = asked.act;
  const frame = {
    ...(await frameOf(options.storage.read.branding, facts.tenant, facts.requested.uiLocales)),
    reference: asked.signInId,
    texts: facts.flow.texts,
  };
  if (shown.kind === 'ended') {
    const { returnTo, session } = shown;
    const kept = session?.keptUntil ? (session.keptUntil.getTime() - facts.now.getTime()) / 1000 : undefined;
    const cookies = session ? [sessionCookie(request.url, tenantId, session.secret, kept)] : [];
    return continueAnswer(request, frame, returnTo, { 'set-cookie': cookies });
  }
  if (shown.kind === 'away') {
    const { url, fields } = shown.departure;
    if (fields) return postAnswer(request, frame, { url, fields });
    return continueAnswer(request, frame, url, { 'cache-control': 'no-store' });
  }
  const { form, step, token } = shown;
  const action = `${request.url.pathname}?step=${step}`;
  if (!failure) return formAnswer(request, frame, form, { action, token });
  const busy = { kind: 'notice', tone: 'warning', text: { key: 'form.busy' } } as const;
  return formAnswer(
    request,
    frame,
    { ...form, blocks: [busy, ...form.blocks] },
    { status: 503, action, token, headers: { 'retry-after': String(failure.retryAfterSeconds) } },
  );
}

function pageRequest(
  { now, newId, newSecret, tools }: SignInPageOptions,
  request: HttpRequest,
  signInId = request.parameters['id'] ?? '',
): PageRequest {
  const { tenant: tenantId = '' } = request.parameters;
  const actor = { kind: 'system', id: null, name: 'sign-in' } as const;
  return {
    // The sign-in's own id ties together everything that happens on its pages, which show it as reference.
    act: { tenantId, actor, now: now(), correlationId: signInId, newId, newSecret },
    signInId,
    browser: browserOf(request, tenantId),
    tools,
    languages: acceptedLanguages(request.headers['accept-language'] ?? ''),
    admit: () => request.admitTenant(tenantId),
  };
}
