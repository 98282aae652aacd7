import {
  type AskedPermissions,
  type Client,
  consentForEverybody,
  findClient,
  findReplyAddress,
  findResource,
  permissionsOf,
  registeredPermissions,
} from '../../../applications/index.ts';
import { type DirectoryRoleName, directoryRoles, listRolesHeldBy, type Tenant } from '../../../directory/index.ts';
import { type BegunSignIn, beginSignIn, type SignInOutcome, takeSignInResult } from '../../../sign-in/index.ts';
import type { HttpRequest, HttpResponse, Route } from '../../http.ts';
import {
  browserCookie,
  browserOf,
  continueAnswer,
  formAnswer,
  frameOf,
  readForm,
  signInPath,
} from '../../sign-in/index.ts';
import { actOfCall } from '../act-of-call.ts';
import { answeringErrors } from '../answer-error.ts';
import { OAuthError } from '../error.ts';
import { isPageToken, pageToken } from '../page-token.ts';
import type { OAuthOptions } from '../stores.ts';
import { findTenant } from './find-tenant.ts';
import { everything, qualifyBare, readScopes } from './scopes.ts';

const endpointName = 'admin consent';

/** Who may consent for everybody. */
const administrators: readonly DirectoryRoleName[] = [
  'globalAdministrator',
  'privilegedRoleAdministrator',
  'applicationAdministrator',
  'cloudApplicationAdministrator',
];

/** One request for an administrator's consent, whose application and reply address are proven. */
interface Asking {
  request: HttpRequest;
  tenant: Tenant;
  client: Client;
  version: 1 | 2;
  /** The parameters of the first request. */
  query: URLSearchParams;
  redirectUri: string;
}

/**
 * The page on which an administrator consents for everybody to what an application asks for
 * (https://learn.microsoft.com/entra/identity-platform/v2-admin-consent): whatever it is registered to need or, of the
 * second version, the scopes of the request.
 */
export function adminConsentRoutes(options: OAuthOptions): Route[] {
  const versions = [
    { version: 1, path: '/:tenant/adminconsent' },
    { version: 2, path: '/:tenant/v2.0/adminconsent' },
  ] as const;
  return versions.flatMap(({ version, path }) => {
    const route = (method: string, at: string, answer: (request: HttpRequest) => Promise<HttpResponse>): Route => ({
      method,
      path: at,
      handle: (request) => answeringErrors('person', request, () => answer(request)),
    });
    return [
      route('GET', path, async (request) => begin(options, await readAsking(options, request, version))),
      route('POST', path, async (request) => decide(options, await readAsking(options, request, version))),
      route('GET', `${path}/continue`, (request) => goOn(options, request, version)),
    ];
  });
}

async function readAsking(
  { storage }: OAuthOptions,
  request: HttpRequest,
  version: 1 | 2,
  query = request.url.searchParams,
): Promise<Asking> {
  const tenant = await findTenant(storage.read, { ...request, method: 'GET' });
  if (!tenant)
    throw new OAuthError(400, 'invalid_tenant', `AADSTS90002: There is no tenant ${request.parameters['tenant']}.`);
  request.admitTenant(tenant.id);
  const appId = query.get('client_id') ?? '';
  const client = await findClient(storage.read, tenant.id, appId);
  if (!client)
    throw new OAuthError(400, 'unauthorized_client', `AADSTS700016: The tenant has no application ${appId}.`);
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!findReplyAddress(client.replyAddresses, redirectUri)) {
    throw new OAuthError(
      400,
      'invalid_request',
      'AADSTS50011: The redirect_uri is not registered for the application.',
    );
  }
  return { request, tenant, client, version, query, redirectUri };
}

async function begin(options: OAuthOptions, asking: Asking): Promise<HttpResponse> {
  const { request, tenant } = asking;
  const begun = await signIn(options, asking, []);
  if (begun.outcome !== 'interaction') return show(options, asking, begun);
  const cookie = browserCookie(request.url, tenant.id, begun.browserSecret);
  return { status: 303, headers: { location: signInPath(tenant.id, begun.signInId), 'set-cookie': cookie } };
}

/** The browser comes back from the sign-in. */
async function goOn(options: OAuthOptions, request: HttpRequest, version: 1 | 2): Promise<HttpResponse> {
  const { storage, now, newId } = options;
  const tenant = await findTenant(storage.read, request);
  if (!tenant) throw new OAuthError(400, 'invalid_tenant', 'AADSTS90002: There is no such tenant.');
  const act = actOfCall({ tenant, request }, { now: now(), newId });
  const secret = request.url.searchParams.get('result') ?? '';
  const browser = browserOf(request, tenant.id);
  const result = await storage.write((stores) => takeSignInResult(stores, act, endpointName, secret, browser));
  const query = new URLSearchParams(result.answerWith.state);
  return show(options, await readAsking(options, request, version, query), result.outcome);
}

function signIn(options: OAuthOptions, asking: Asking, prompts: readonly 'none'[]): Promise<BegunSignIn> {
  const { request, tenant, client, query } = asking;
  const { appId, displayName } = client.servicePrincipal.attributes;
  const { now, newId, newSecret } = options;
  const act = { ...actOfCall(asking, { now: now(), newId }), newSecret };
  const requested = {
    application: { id: client.servicePrincipal.id, appId, displayName },
    flow: null,
    prompts,
    maxAgeSeconds: null,
    loginHint: query.get('login_hint'),
    domainHint: null,
    uiLocales: [],
    contexts: [],
    mustReachContext: false,
    scopes: [],
    userId: null,
  };
  const returnTo = `${pathOf(asking)}/continue`;
  const answerWith = { endpoint: endpointName, returnTo, state: query.toString() };
  const browser = browserOf(request, tenant.id);
  return options.storage.write((stores) => beginSignIn(stores, act, requested, answerWith, browser));
}

function pathOf({ tenant, version }: Asking): string {
  return `/${tenant.id}${version === 2 ? '/v2.0' : ''}/adminconsent`;
}

/** Shows what is asked for, to an administrator and to nobody else. */
async function show(options: OAuthOptions, asking: Asking, outcome: SignInOutcome): Promise<HttpResponse> {
  const { request, tenant, client, query } = asking;
  const userId = await administratorOf(options, asking, outcome);
  if (userId === undefined)
    return refused(options, asking, 90094, 'An administrator has to consent, and nobody else can.');
  const asked = await readAsked(options, asking);
  if (!asked)
    return refused(options, asking, 650053, 'The application asks for a permission that the resource does not have.');
  const secret = browserOf(request, tenant.id).secret ?? '';
  const application = client.servicePrincipal.attributes.displayName;
  const form = {
    title: { key: 'admin_consent.title', values: { application } },
    lead: { key: 'admin_consent.lead', values: { tenant: tenant.displayName } },
    blocks: [
      ...asked.map(({ resource, scopes, roles }) => ({
        kind: 'list' as const,
        title: { key: 'text', values: { text: resource.attributes.displayName } },
        items: [
          ...scopes.map(({ adminConsentDisplayName: text }) => text),
          ...roles.map((role) => role.displayName),
        ].map((text) => ({ key: 'text', values: { text } })),
      })),
      { kind: 'notice' as const, tone: 'info' as const, text: { key: 'consent.trust' } },
      { kind: 'button' as const, action: 'submit', label: { key: 'consent.submit' }, look: 'primary' as const },
      { kind: 'button' as const, action: 'cancel', label: { key: 'consent.refuse' }, look: 'secondary' as const },
    ],
  };
  const token = pageToken(options.deriveKey, secret, userId, query.toString());
  return formAnswer(request, await frameOf(options.storage.read.branding, tenant), form, {
    action: `${pathOf(asking)}?${query}`,
    token,
  });
}

async function decide(options: OAuthOptions, asking: Asking): Promise<HttpResponse> {
  const { request, tenant, client, query } = asking;
  const { csrf = '', action } = readForm(request);
  // Whoever has signed out meanwhile, or lost the role, does not decide.
  const begun = await signIn(options, asking, ['none']);
  const userId = begun.outcome === 'interaction' ? undefined : await administratorOf(options, asking, begun);
  if (userId === undefined)
    return refused(options, asking, 90094, 'An administrator has to consent, and nobody else can.');
  const secret = browserOf(request, tenant.id).secret ?? '';
  if (!isPageToken(csrf, pageToken(options.deriveKey, secret, userId, query.toString()))) return begin(options, asking);
  if (action !== 'submit') return refused(options, asking, 65004, 'The administrator declined.');
  const asked = (await readAsked(options, asking)) ?? [];
  const user = await options.storage.read.objects.find(tenant.id, userId);
  const actor = { kind: 'user', id: userId, name: String(user?.attributes['userPrincipalName'] ?? '') } as const;
  const { now, newId } = options;
  const act = { ...actOfCall(asking, { now: now(), newId }), actor };
  await options.storage.write((stores) => consentForEverybody(stores, act, client.servicePrincipal, asked));
  const scope = asking.query.get('scope');
  return answer(options, asking, { admin_consent: 'True', tenant: tenant.id, ...(scope !== null && { scope }) });
}

async function administratorOf(
  { storage }: OAuthOptions,
  { tenant }: Asking,
  outcome: SignInOutcome,
): Promise<string | undefined> {
  if (outcome.outcome === 'refused') return undefined;
  const { userId } = outcome.signIn;
  const held = await listRolesHeldBy(storage.read, tenant.id, userId);
  return administrators.some((name) => held.includes(directoryRoles[name].id)) ? userId : undefined;
}

/** What is asked for; undefined when a scope is unknown. */
async function readAsked({ storage }: OAuthOptions, asking: Asking): Promise<AskedPermissions[] | undefined> {
  const { tenant, client, query, version } = asking;
  const { appId } = client.servicePrincipal.attributes;
  const { qualified, bare } = readScopes(version === 2 ? (query.get('scope') ?? '') : '');
  const scopes = [...qualified, ...bare.map((text) => qualifyBare(text, appId))];
  if (scopes.length === 0) return registeredPermissions(storage.read, tenant.id, appId);
  const asked: AskedPermissions[] = [];
  for (const [name, ofResource = []] of Object.entries(Object.groupBy(scopes, ({ resource }) => resource))) {
    const resource = await findResource(storage.read, tenant.id, name);
    if (!resource) return undefined;
    if (ofResource.some((scope) => scope.name === everything)) {
      asked.push(...(await registeredPermissions(storage.read, tenant.id, appId, resource.attributes.appId)));
    }
    const named = ofResource.filter((scope) => scope.name !== everything).map((scope) => scope.name);
    const found = permissionsOf(resource).oauth2PermissionScopes.filter(
      ({ value, isEnabled }) => isEnabled && named.includes(value),
    );
    if (found.length < new Set(named).size) return undefined;
    if (found.length > 0) asked.push({ resource, scopes: found, roles: [] });
  }
  return asked;
}

function refused(options: OAuthOptions, asking: Asking, code: number, reason: string): Promise<HttpResponse> {
  const error = { error: 'permission_denied', error_description: `AADSTS${code}: ${reason}` };
  return answer(options, asking, { ...error, admin_consent: 'True', tenant: asking.tenant.id });
}

/** Tells the application. After a form that is a page which leads on: its policy forbids to redirect elsewhere. */
async function answer(
  { storage }: OAuthOptions,
  { request, tenant, redirectUri, query }: Asking,
  members: Readonly<Record<string, string>>,
): Promise<HttpResponse> {
  const location = new URL(redirectUri);
  const state = query.get('state');
  for (const [name, value] of Object.entries({ ...members, ...(state !== null && { state }) })) {
    location.searchParams.append(name, value);
  }
  const noStore = { 'cache-control': 'no-store' };
  if (request.method !== 'POST') return { status: 303, headers: { location: location.href, ...noStore } };
  return continueAnswer(request, await frameOf(storage.read.branding, tenant), location.href, noStore);
}
