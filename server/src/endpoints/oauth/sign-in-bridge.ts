import { mayPassOn } from '@countersign/saml';
import { type AdapterPayload, type Client, errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import {
  beginSignIn,
  type CompletedSignIn,
  type Prompt,
  type RequestedSignIn,
  type ResourceScopes,
  type SignInOutcome,
  type SignInRefusal,
  type SignInResult,
} from '../../sign-in/index.ts';
import { browserOf } from '../sign-in/index.ts';
import { accountOf } from './accounts.ts';
import { actOfCall } from './act-of-call.ts';
import { mayUseClient } from './assignment.ts';
import { acrOf, contextsOf } from './authentication-words.ts';
import { callOf } from './call.ts';
import type { OAuthOptions } from './stores.ts';
import { pairwiseSubject } from './subject.ts';

/** The name under which results of sign-ins wait for this endpoint. */
export const endpointName = 'oauth';

/** Stands at the end of the address to which the browser comes back, in place of the provider's own interaction ids. */
export const resumeId = 'continue';

/** What is needed to go on with an authorization request: its parameters, as the provider has checked them. */
export interface SuspendedRequest {
  params: Record<string, unknown>;
  trusted?: string[];
  parJti?: string;
  /** Digest of the code of the device for which somebody signs in. */
  deviceCode?: string;
  /** Of a dialect. */
  remembered?: object;
}

/** Prompts that requests may ask for. Sign-in honours them; the provider only needs their names. */
const prompts = ['login', 'consent', 'select_account', 'create'] as const satisfies Prompt[];

/**
 * The provider's policy of interactions: one check, which asks sign-in. It has the session, decides whether somebody must
 * be asked and asks; the provider gets the person who signed in, or the refusal.
 */
export function signInPolicy(options: OAuthOptions): interactionPolicy.Prompt[] {
  const requestable = prompts.map((name) => {
    const prompt = new interactionPolicy.Prompt({ name, requestable: true });
    prompt.checks.clear();
    return prompt;
  });
  const check = new interactionPolicy.Check('sign_in', 'The person must sign in.', (ctx) => mustAsk(options, ctx));
  return [...requestable, new interactionPolicy.Prompt({ name: 'sign_in' }, check)];
}

async function mustAsk(options: OAuthOptions, ctx: KoaContextWithOIDC): Promise<boolean> {
  const call = callOf(ctx);
  keepOfflineAccess(ctx);
  const outcome = call.resumed?.outcome ?? (await begin(options, ctx));
  if (!outcome) return interactionPolicy.Check.REQUEST_PROMPT;
  if (outcome.outcome === 'refused') throw refusalError(outcome.reason);
  await adopt(options, ctx, outcome.signIn);
  return interactionPolicy.Check.NO_NEED_TO_PROMPT;
}

/**
 * OIDC Core 11: offline access without `prompt=consent` takes other conditions, which are in place here: consent is kept,
 * and can be taken back at any time. The provider knows only the prompt, and has left the scope out.
 */
function keepOfflineAccess({ oidc, query }: KoaContextWithOIDC): void {
  const { params, body, client } = oidc;
  const scope = body?.['scope'] ?? query['scope'];
  const wasAsked = typeof scope === 'string' && scope.split(' ').includes('offline_access');
  const isPossible = String(params?.['response_type']).includes('code') && client?.grantTypeAllowed('refresh_token');
  if (!params || !wasAsked || !isPossible || oidc.requestParamScopes.has('offline_access')) return;
  params['scope'] = [...oidc.requestParamScopes, 'offline_access'].join(' ');
}

/** Begins a sign-in. Undefined when people must be asked, who then come back with its result. */
async function begin(options: OAuthOptions, ctx: KoaContextWithOIDC): Promise<SignInOutcome | undefined> {
  const call = callOf(ctx);
  const { request, tenant } = call;
  const act = { ...actOfCall(call, { now: options.now(), newId: options.newId }), newSecret: options.newSecret };
  const back = ctx.oidc.route === 'device_resume' ? 'device_resume' : 'resume';
  const returnTo = new URL(ctx.oidc.urlFor(back, { uid: resumeId })).pathname;
  const answerWith = { endpoint: endpointName, returnTo, state: JSON.stringify(suspended(ctx, call.remembered)) };
  const requested = requestedSignIn(ctx);
  const begun = await options.storage.write((stores) =>
    beginSignIn(stores, act, requested, answerWith, browserOf(request, tenant.id)),
  );
  if (begun.outcome !== 'interaction') return begun;
  call.begun = begun;
  return undefined;
}

function suspended({ oidc }: KoaContextWithOIDC, remembered: object | null): SuspendedRequest {
  const { trusted, entities } = oidc;
  const parJti = entities.PushedAuthorizationRequest?.jti;
  return {
    params: (oidc.params as unknown as { toPlainObject(): Record<string, unknown> }).toPlainObject(),
    ...(trusted && { trusted }),
    ...(parJti !== undefined && { parJti }),
    ...(entities.DeviceCode && { deviceCode: entities.DeviceCode.jti }),
    ...(remembered && { remembered }),
  };
}

/** The request with whose sign-in the browser has come back. */
export function suspendedRequest({ answerWith }: SignInResult): SuspendedRequest {
  return JSON.parse(answerWith.state) as SuspendedRequest;
}

/** The same, or the one that the device made, as the provider remembers an interaction. */
export function suspendedInteraction(ctx: KoaContextWithOIDC | undefined): AdapterPayload | undefined {
  const { resumed, device } = ctx ? callOf(ctx) : {};
  if (device) return { jti: resumeId, params: device.params, deviceCode: device.digest };
  if (!resumed) return undefined;
  const { remembered: _, ...interaction } = suspendedRequest(resumed);
  return { jti: resumeId, ...interaction };
}

/** What the request asks of a sign-in (OIDC Core 3.1.2.1). */
function requestedSignIn(ctx: KoaContextWithOIDC): RequestedSignIn {
  const { oidc } = ctx;
  const call = callOf(ctx);
  const params = oidc.params ?? {};
  const text = (name: string) => (typeof params[name] === 'string' ? params[name] : null);
  const words = (name: string) => text(name)?.split(' ').filter(Boolean) ?? [];
  const maxAge = text('max_age');
  return {
    application: {
      id: String(oidc.client?.['servicePrincipalId']),
      appId: oidc.client?.clientId ?? '',
      displayName: oidc.client?.clientName ?? '',
      issuer: oidc.provider.issuer,
    },
    flow: call.flow.name || null,
    prompts: [...oidc.prompts] as Prompt[],
    maxAgeSeconds: maxAge === null ? null : Number(maxAge),
    loginHint: text('login_hint'),
    domainHint: text('domain_hint'),
    uiLocales: words('ui_locales'),
    ...requestedContexts(oidc.claims.id_token?.['acr'], words('acr_values')),
    scopes: requestedScopes(ctx),
    userId: isPairwise(oidc.client) ? null : hintedSubject(ctx),
  };
}

function isPairwise(client: Client | undefined): boolean {
  return client?.subjectType === 'pairwise';
}

/**
 * OIDC Core 5.5.1.1: `acr_values` and the claim wish for contexts. Where the claim is essential one of them MUST be reached,
 * which cannot be when nobody here knows them. What both together mean is unspecified.
 */
function requestedContexts(
  claim: unknown,
  acrValues: readonly string[],
): Pick<RequestedSignIn, 'contexts' | 'mustReachContext'> {
  const { value, values = value === undefined ? [] : [value], essential } = (claim ?? {}) as Record<string, unknown>;
  if (!Array.isArray(values)) throw new errors.InvalidRequest('The values of the claim acr are no list.');
  const mustReachContext = essential === true && values.length > 0;
  const contexts = contextsOf([...values.map(String), ...acrValues]);
  if (mustReachContext && contexts.length === 0) throw refusalError('unmet_authentication_requirements');
  return { contexts, mustReachContext };
}

function requestedScopes({ oidc, req }: KoaContextWithOIDC): ResourceScopes[] {
  const { resources } = callOf({ req });
  const ofResources = Object.values(oidc.resourceServers ?? {}).map((server) => ({
    resourceId: resources.get(server.identifier())?.id ?? null,
    scopes: [...server.scopes].filter((scope) => oidc.requestParamScopes.has(scope)),
  }));
  return [{ resourceId: null, scopes: [...oidc.requestParamOIDCScopes] }, ...ofResources];
}

/** OIDC Core 3.1.2.1 (`id_token_hint`) and 5.5.1: only the user with this `sub` may answer. */
function hintedSubject({ oidc }: KoaContextWithOIDC): string | null {
  const asked = (oidc.claims.id_token?.['sub'] as { value?: unknown } | null | undefined)?.value;
  const hinted = oidc.entities.IdTokenHint?.payload['sub'];
  if (asked !== undefined && hinted !== undefined && asked !== hinted) {
    throw new errors.LoginRequired('The request names two users.');
  }
  const subject = asked ?? hinted;
  return typeof subject === 'string' ? subject : null;
}

/** Makes the person who signed in the user of the provider's request, with what the client may do for them. */
async function adopt(options: OAuthOptions, ctx: KoaContextWithOIDC, signIn: CompletedSignIn): Promise<void> {
  const { oidc } = ctx;
  const { session, client, provider } = oidc;
  if (!session || !client) throw new Error('A sign-in was completed for a request without client.');
  const call = callOf(ctx);
  const user = await options.storage.read.objects.find(call.tenant.id, signIn.userId);
  if (!user) throw new errors.AccessDenied('The user is gone.');
  // SAML Core 2.5.1.6, of which tokens of OAuth can carry nothing on.
  if (signIn.proxyRestriction && !mayPassOn(signIn.proxyRestriction, client.clientId)) {
    throw new errors.AccessDenied('The identity provider lets nothing be passed on to this application.');
  }
  if (!(await mayUseClient(options.storage.read, call.tenant.id, user.id, client))) {
    call.isUnassigned = true;
    throw new errors.AccessDenied('The user is not assigned to the application, which only those may use who are.');
  }
  call.accountId = user.id;
  const hinted = isPairwise(client) ? hintedSubject(ctx) : null;
  if (
    hinted !== null &&
    hinted !== pairwiseSubject(options, call.tenant.id, String(client['sectorIdentifier']), user.id)
  ) {
    throw new errors.LoginRequired('Somebody else is signed in.');
  }
  session.loginAccount({
    accountId: user.id,
    loginTs: Math.floor(signIn.authenticatedAt.getTime() / 1000),
    amr: [...signIn.methods],
    acr: acrOf[signIn.context],
  });
  oidc.entity('Account', accountOf(user));

  const { clientId } = client;
  const grant = new provider.Grant({ accountId: user.id, clientId });
  // OIDC Core 5.5: like OpenID Connect's own scopes, claims that are asked for one by one need no consent.
  grant.addOIDCClaims([...oidc.requestParamClaims]);
  for (const [resource, scopes] of grantedScopes(ctx, signIn)) {
    if (resource === null) grant.addOIDCScope(scopes.join(' '));
    else grant.addResourceScope(resource, scopes.join(' '));
  }
  session.grantIdFor(clientId, await grant.save());
  session.sidFor(clientId, signIn.sessionId);
  oidc.entity('Grant', grant);
}

/** What was granted, by the names under which the request asked for the resources; null for OpenID Connect's scopes. */
function grantedScopes({ oidc, req }: KoaContextWithOIDC, { granted }: CompletedSignIn): [string | null, string[]][] {
  const { resources } = callOf({ req });
  const names = Object.keys(oidc.resourceServers ?? {});
  return granted.flatMap(({ resourceId, scopes }): [string | null, string[]][] => {
    if (resourceId === null) return [[null, [...scopes]]];
    return names.filter((name) => resources.get(name)?.id === resourceId).map((name) => [name, [...scopes]]);
  });
}

/** OIDC Core 3.1.2.6 and OpenID Connect Core Error Code UNMET_AUTHENTICATION_REQUIREMENTS 1.0. */
function refusalError(reason: SignInRefusal): errors.OIDCProviderError {
  switch (reason) {
    case 'login_required':
      return new errors.LoginRequired('The person is not signed in, or not as it was asked for.');
    case 'interaction_required':
      return new errors.InteractionRequired('The person has to be asked.');
    case 'consent_required':
      return new errors.ConsentRequired('The person has not consented.');
    case 'account_selection_required':
      return new errors.CustomOIDCProviderError('account_selection_required', 'The person has to choose an account.');
    case 'unmet_authentication_requirements':
      return new errors.UnmetAuthenticationRequirements('The person cannot prove to be there as it was asked for.');
    case 'access_denied':
      return new errors.AccessDenied('The person gave up.');
    default:
      return reason satisfies never;
  }
}
