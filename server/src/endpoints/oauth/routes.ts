import { clientRegistrationPolicyOf } from '../../applications/index.ts';
import type { Tenant } from '../../directory/index.ts';
import { takeSignInResult } from '../../sign-in/index.ts';
import { getFlow } from '../../user-flows/index.ts';
import type { HttpRequest, HttpResponse, Route } from '../http.ts';
import { browserCookie, browserOf, frameOf, type PageFrame } from '../sign-in/index.ts';
import { actOfCall } from './act-of-call.ts';
import { answeringErrors } from './answer-error.ts';
import { bindCall, type OAuthCall } from './call.ts';
import { buildMessage, callProvider } from './call-provider.ts';
import { answerCodePage, resumingRequest, showCodePage, withInterval } from './device/device-endpoint.ts';
import { answerDirectly } from './direct-answers.ts';
import { demandsNonce } from './dpop-nonces.ts';
import { adminConsentRoutes } from './entra/admin-consent.ts';
import { findTenant } from './entra/find-tenant.ts';
import { federationServiceForm, firstForm, isFirstVersion, policyForm, strictPolicyForm } from './entra/forms.ts';
import { hostRoutes } from './entra/host-routes.ts';
import { isSharedName } from './entra/parameters.ts';
import { withPolicyOfQuery } from './entra/policy-of-query.ts';
import { sharedRoutes } from './entra/shared-authority.ts';
import { translateAnswer } from './entra/translate-answer.ts';
import { inWordsOfErrors } from './entra/translate-error.ts';
import { translateRequest } from './entra/translate-request.ts';
import { inWords, type Words } from './entra/words.ts';
import { OAuthError } from './error.ts';
import { acceptForeignAssertion } from './federated-assertion.ts';
import { ForeignKeys } from './foreign-keys.ts';
import { type EndpointName, type IssuerForm, tenantForm } from './issuer-form.ts';
import { logTokens } from './log-tokens.ts';
import { logOut } from './logout.ts';
import { Providers } from './providers.ts';
import {
  createRegistration,
  deleteRegistration,
  readRegistration,
  updateRegistration,
} from './registration/registration-endpoint.ts';
import { RequestObjects } from './request-objects.ts';
import { endpointName, resumeId, suspendedRequest } from './sign-in-bridge.ts';
import { startLogin, startPath } from './start-login.ts';
import type { OAuthOptions } from './stores.ts';
import { standardTokenClaims } from './token-claims.ts';

/** Which methods each endpoint answers, besides OPTIONS where scripts of other origins may ask. */
const methods: Readonly<
  Record<Exclude<EndpointName, 'jwks' | 'code_verification' | 'registration' | 'end_session'>, readonly string[]>
> = {
  authorization: ['GET', 'POST'],
  token: ['POST', 'OPTIONS'],
  userinfo: ['GET', 'POST', 'OPTIONS'],
  introspection: ['POST', 'OPTIONS'],
  revocation: ['POST', 'OPTIONS'],
  pushed_authorization_request: ['POST', 'OPTIONS'],
  device_authorization: ['POST', 'OPTIONS'],
};

/** The OAuth 2.0 and OpenID Connect endpoints of all tenants. */
export function oauthRoutes(options: OAuthOptions): Route[] {
  const endpoint = new Endpoint(options);
  return [
    ...hostRoutes(options),
    ...adminConsentRoutes(options),
    ...sharedRoutes(options),
    ...issuerForms.flatMap((form) => routesOf(endpoint, form, options.now)),
  ];
}

const issuerForms: readonly IssuerForm[] = [federationServiceForm, strictPolicyForm, firstForm, tenantForm, policyForm];

function routesOf(endpoint: Endpoint, given: IssuerForm, now: () => Date): Route[] {
  const { prefix, discovery, endpoints } = given;
  const route = (method: string, path: string, providerPath = path): Route => ({
    method,
    path: prefix + path,
    handle(arrived) {
      const { form, request } = withPolicyOfQuery(given, arrived);
      const reader = path === endpoints.authorization ? 'person' : 'program';
      return inWordsOfErrors(request, form, now, () =>
        answeringErrors(
          reader,
          request,
          () => endpoint.answer(form, request, providerPath),
          () => endpoint.frame(request),
        ),
      );
    },
  });
  const resume = `${endpoints.authorization}/${resumeId}`;
  const resumeDevice = `${endpoints.code_verification}/${resumeId}`;
  const page = (method: string, path: string, handle: Route['handle']): Route => ({
    method,
    path: prefix + path,
    handle: (request) =>
      answeringErrors(
        'person',
        request,
        async () => handle(request),
        () => endpoint.frame(request),
      ),
  });
  return [
    route('GET', discovery, '/.well-known/openid-configuration'),
    route('OPTIONS', discovery, '/.well-known/openid-configuration'),
    {
      method: 'GET',
      path: prefix + endpoints.jwks,
      handle: (request) => answeringErrors('program', request, () => endpoint.keys(request)),
    },
    ...['GET', 'POST'].map((method) => page(method, endpoints.end_session, (request) => endpoint.logOut(request))),
    ...Object.entries(methods).flatMap(([name, allowed]) =>
      allowed.map((method) => route(method, endpoints[name as EndpointName])),
    ),
    ...registrationRoutes(endpoint, given),
    ...(isFirstVersion(given) ? [] : [page('GET', startPath, (request) => endpoint.startLogin(given, request))]),
    page('GET', resume, (request) => endpoint.resume(given, request, resume)),
    page('GET', endpoints.code_verification, (request) => endpoint.showCodePage(request)),
    page('POST', endpoints.code_verification, (request) => endpoint.answerCodePage(given, request, resumeDevice)),
    page('GET', resumeDevice, (request) => endpoint.resume(given, request, resumeDevice)),
  ];
}

/** RFC 7591 3 and RFC 7592 2 */
function registrationRoutes(endpoint: Endpoint, { prefix, endpoints }: IssuerForm): Route[] {
  const path = prefix + endpoints.registration;
  const route = (method: string, at: string, answer: RegistrationAnswer): Route => ({
    method,
    path: at,
    handle: (request) => answeringErrors('program', request, () => endpoint.register(request, answer)),
  });
  return [
    route('POST', path, createRegistration),
    route('GET', `${path}/:client`, readRegistration),
    route('PUT', `${path}/:client`, updateRegistration),
    route('DELETE', `${path}/:client`, deleteRegistration),
  ];
}

type RegistrationAnswer = typeof createRegistration;

class Endpoint {
  readonly #given: OAuthOptions;
  /** The same with reads that are remembered. */
  readonly #options: OAuthOptions;
  readonly #requestObjects: RequestObjects;
  readonly #providers: Providers;
  readonly #foreignKeys: ForeignKeys;

  constructor(given: OAuthOptions) {
    const { storage, remembered } = given;
    // What is written here is redeemed once, and none of what is remembered.
    const options = { ...given, storage: { read: remembered.read, write: storage.write.bind(storage) } };
    this.#given = given;
    this.#options = options;
    this.#providers = new Providers(options);
    this.#foreignKeys = new ForeignKeys(options);
    this.#requestObjects = new RequestObjects(options);
  }

  async register(request: HttpRequest, answer: RegistrationAnswer): Promise<HttpResponse> {
    return answer(this.#given, request, await this.#admit(request));
  }

  /** The keys of the tenant (RFC 7517 5), the same under every issuer and policy. */
  async keys(request: HttpRequest): Promise<HttpResponse> {
    const tenant = await this.#admit(request);
    const keys = await this.#options.keys.jwks(tenant.id);
    return {
      status: 200,
      headers: {
        'content-type': 'application/jwk-set+json; charset=utf-8',
        'cache-control': `public, max-age=${keysKept}`,
        'access-control-allow-origin': '*',
      },
      body: JSON.stringify(keys),
    };
  }

  /** What stands around pages of the tenant for which the request is; undefined when there is none. */
  async frame(request: HttpRequest): Promise<PageFrame | undefined> {
    const { read } = this.#options.storage;
    const tenant = await findTenant(read, request);
    return tenant && frameOf(read.branding, tenant);
  }

  async logOut(request: HttpRequest): Promise<HttpResponse> {
    return logOut(this.#options, request, await this.#admit(request));
  }

  async startLogin(form: IssuerForm, request: HttpRequest): Promise<HttpResponse> {
    const { tenant, flow } = await this.#call(request);
    return startLogin(this.#options, request, tenant, form.issuer(request.url.origin, tenant.id, flow.name));
  }

  async showCodePage(request: HttpRequest): Promise<HttpResponse> {
    return showCodePage(this.#options, await this.#call(request));
  }

  async answerCodePage(form: IssuerForm, request: HttpRequest, path: string): Promise<HttpResponse> {
    const call = await this.#call(request);
    return answerCodePage(this.#options, call, () =>
      this.#ask(form, { ...call, request: resumingRequest(request) }, path),
    );
  }

  /**
   * Whatever the provider answers. A dialect changes requests before the provider sees them and answers afterwards: names
   * of grants, such as a plain `device_code`, as well as the addresses of pages in the answer to a device.
   */
  async answer(form: IssuerForm, request: HttpRequest, path: string): Promise<HttpResponse> {
    const received = await this.#requestObjects.resolve(await this.#call(request));
    const call = await acceptForeignAssertion(this.#options, this.#foreignKeys, received);
    const translation = await translateRequest(this.#options, call, form);
    if (!translation) return this.#ask(form, call, path);
    const { words, request: translated, turnedTo } = translation;
    const asked = { ...inWords(call, words), request: translated, turnedTo };
    return translateAnswer(await this.#ask(form, asked, path), asked, translation);
  }

  /** Goes on with an authorization request after its sign-in. */
  async resume(form: IssuerForm, request: HttpRequest, path: string): Promise<HttpResponse> {
    const call = await this.#call(request);
    const { storage, now, newId } = this.#options;
    const secret = request.url.searchParams.get('result') ?? '';
    const act = actOfCall(call, { now: now(), newId });
    const browser = browserOf(request, call.tenant.id);
    const resumed = await storage.write((stores) => takeSignInResult(stores, act, endpointName, secret, browser));
    const { remembered } = suspendedRequest(resumed);
    const spoken = remembered ? inWords(call, remembered as Words) : call;
    return this.#ask(form, { ...spoken, resumed }, path);
  }

  async #ask(form: IssuerForm, call: OAuthCall, path: string): Promise<HttpResponse> {
    if (path !== form.endpoints.token) return this.#askProvider(form, call, path);
    const { request, tenant, flow } = call;
    const issuer = form.issuer(request.url.origin, tenant.id, flow.name);
    const response = (await answerDirectly(this.#options, call, issuer)) ?? (await this.#askProvider(form, call, path));
    await logTokens(this.#options, call, response);
    return response;
  }

  async #askProvider(form: IssuerForm, call: OAuthCall, path: string): Promise<HttpResponse> {
    const { request, tenant, flow } = call;
    const issuer = form.issuer(request.url.origin, tenant.id, flow.name);
    const mount = mountOf(form, request, tenant);
    const provider = await this.#providers.get(tenant.id, form, issuer);
    const message = buildMessage(request, { mount, path });
    bindCall(message, call);
    const answered = await callProvider(provider.callback(), message, request.body);
    if (call.failure) throw call.failure.error;
    const response = completed(answered, path, form, call);
    const { begun } = call;
    if (!begun) return response;
    const cookie = browserCookie(request.url, tenant.id, begun.browserSecret);
    return { ...response, headers: { ...response.headers, 'set-cookie': cookie } };
  }

  async #call(request: HttpRequest): Promise<OAuthCall> {
    const tenant = await this.#admit(request);
    return {
      request,
      tenant,
      flow: await getFlow(this.#options.storage.read, tenant.id, request.parameters['policy'] ?? null),
      frame: (uiLocales) => frameOf(this.#options.storage.read.branding, tenant, uiLocales),
      claims: standardTokenClaims,
      remembered: null,
      answerMembers: () => ({}),
      requestUriProblem: undefined,
      describeError: (answer) => answer,
      isUnassigned: false,
      turnedTo: undefined,
      refreshGrace: 0,
      resources: new Map(),
      askedNames: new Map(),
      client: undefined,
      provenClient: undefined,
      demandsNonce: await demandsNonce(this.#options, tenant, request),
      proof: undefined,
      act: undefined,
      accountId: undefined,
      resumed: undefined,
      begun: undefined,
      device: undefined,
      failure: undefined,
    };
  }

  /** @throws OAuthError `invalid_tenant` */
  async #admit(request: HttpRequest): Promise<Tenant> {
    await this.#options.remembered.freshen();
    const tenant = await findTenant(this.#options.storage.read, request);
    const name = request.parameters['tenant'] ?? request.url.hostname;
    if (!tenant) throw new OAuthError(400, 'invalid_tenant', `There is no tenant ${name}.`);
    request.admitTenant(tenant.id);
    return tenant;
  }
}

/** What the provider leaves out of its answers. */
function completed(answered: HttpResponse, path: string, form: IssuerForm, call: OAuthCall): HttpResponse {
  if (path === form.endpoints.device_authorization) return withInterval(answered);
  if (!path.endsWith('/openid-configuration') || typeof answered.body !== 'string') return answered;
  return { ...answered, body: JSON.stringify(completedMetadata(JSON.parse(answered.body), form, call)) };
}

/** The algorithms by which answers are signed that are for one client. */
const signedForClient = ['id_token_signing_alg_values_supported', 'userinfo_signing_alg_values_supported'];

function completedMetadata(metadata: Record<string, unknown>, form: IssuerForm, { tenant }: OAuthCall) {
  const { token, registration } = form.endpoints;
  const isOpen = clientRegistrationPolicyOf(tenant).mode !== 'off';
  // Interop: Microsoft's authorities sign by their own keys only, and say so.
  const hidden = form === tenantForm ? [] : signedForClient;
  return {
    ...metadata,
    ...Object.fromEntries(hidden.map((name) => [name, [metadata[name]].flat().filter((each) => each !== 'HS256')])),
    ...(isOpen && { registration_endpoint: String(metadata['token_endpoint']).replace(token, registration) }),
  };
}

/** The path below which the endpoints stand. It names a tenant, even where the request has left that open. */
function mountOf({ prefix }: IssuerForm, { url, parameters }: HttpRequest, tenant: Tenant): string {
  const { tenant: name = '' } = parameters;
  if (isSharedName(name)) return `/${tenant.id}`;
  return url.pathname.split('/').slice(0, prefix.split('/').length).join('/');
}

/** How long clients may keep the keys, in seconds. New keys are published days before they sign. */
const keysKept = 300;
