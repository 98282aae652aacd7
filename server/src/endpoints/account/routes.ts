import { type ApplicationStores, revokePermissionGrant } from '../../applications/index.ts';
import type { Act } from '../../audit/index.ts';
import type { BrandingStore } from '../../branding/index.ts';
import type { Tenant } from '../../directory/index.ts';
import { Refusal } from '../../refusal.ts';
import {
  beginSignIn,
  findSession,
  formToken,
  isFormToken,
  revokeSession,
  revokeSessions,
  type Session,
  type SignInWriting,
  takeSignInResult,
} from '../../sign-in/index.ts';
import {
  type AccountTask,
  type AccountTaskStep,
  accountFlow,
  accountTaskSteps,
  type Form,
  problemOf,
  type Text,
} from '../../user-flows/index.ts';
import type { HttpRequest, HttpResponse, Route } from '../http.ts';
import { browserCookie, browserOf, formAnswer, frameOf, readForm, signInPath } from '../sign-in/index.ts';
import { leadOn, type SignOut, type SignOutProtocol } from '../sign-out/index.ts';
import { accountForm } from './account-form.ts';

export type AccountStores = SignInWriting &
  Pick<ApplicationStores, 'permissionGrants' | 'appRoleAssignments' | 'relyingParties'> & { branding: BrandingStore };

/** What the account page needs. */
export interface AccountOptions {
  storage: {
    readonly read: AccountStores;
    write<Result>(work: (stores: AccountStores) => Promise<Result>): Promise<Result>;
  };
  now: () => Date;
  newId: () => string;
  /** 256 random bits in base64url. */
  newSecret: () => string;
  /** Tells the applications of the session, and comes back to `accountSignOut` with an answer. */
  signOut: SignOut;
}

/** Name under which results of sign-ins come back here. */
const endpoint = 'account';

/** One request for the account page of a tenant. */
interface Visit extends AccountOptions {
  request: HttpRequest;
  tenant: Tenant;
  act: Act & { newSecret: () => string };
}

/** The account page of each tenant: `/{tenant}/account`, where a tenant is named as everywhere. */
export function accountRoutes(options: AccountOptions): Route[] {
  const route = (method: string, path: string, work: (visit: Visit) => Promise<HttpResponse>): Route => ({
    method,
    path,
    handle: (request) => visit(options, request, work),
  });
  return [
    route('GET', '/:tenant/account', show),
    route('POST', '/:tenant/account', change),
    route('GET', '/:tenant/account/back', comeBack),
  ];
}

/** The end of a session that was asked for on the account page: no application need be told of it here. */
export function accountSignOut({ storage }: Pick<AccountOptions, 'storage'>): SignOutProtocol {
  return {
    notify: async () => undefined,
    answer: async (call, _state, signedOut) =>
      leadOn(storage.read.branding, call, { continueTo: undefined, uiLocales: [], askedBy: [] }, signedOut),
  };
}

async function visit(
  options: AccountOptions,
  request: HttpRequest,
  work: (visit: Visit) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const { storage, now, newId, newSecret } = options;
  const tenant = await storage.read.tenants.resolve(request.parameters['tenant'] ?? '');
  if (!tenant)
    return formAnswer(request, { uiLocales: [] }, problemForm({ key: 'myAccount.notFound' }), { status: 404 });
  request.admitTenant(tenant.id);
  const actor = { kind: 'system', id: null, name: 'account page' } as const;
  const act = { tenantId: tenant.id, actor, now: now(), correlationId: request.requestId, newId, newSecret };
  try {
    return await work({ ...options, request, tenant, act });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { text } = problemOf(error);
    return answer({ ...options, request, tenant, act }, problemForm(text, tenant), '', error.status);
  }
}

async function show(visit: Visit): Promise<HttpResponse> {
  const { storage, tenant, request, act } = visit;
  const session = await sessionOf(visit);
  if (!session) return begin(visit, undefined);
  const user = await storage.read.objects.find(tenant.id, session.userId);
  if (!user) return begin(visit, undefined);
  const { origin, searchParams } = request.url;
  const page = { stores: storage.read, tenant, user, session, origin, now: act.now };
  const form = await accountForm({ ...page, isSaved: searchParams.has('saved') });
  return answer(visit, form, formToken(secretOf(visit), endpoint), 200, true);
}

/** Tasks about one of several things, by the name of the button that says about which. */
const tasksAbout: Readonly<Record<string, AccountTaskStep>> = {
  remove: 'removeFactor',
  link: 'linkIdentity',
  unlink: 'unlinkIdentity',
};

/** Takes what was pressed. What needs a fresh proof goes on as a sign-in. */
async function change(visit: Visit): Promise<HttpResponse> {
  const { storage, tenant, request } = visit;
  const session = await sessionOf(visit);
  const { csrf = '', action, task, end, revoke, ...form } = readForm(request);
  if (!session || !isFormToken(csrf, secretOf(visit), endpoint)) return toPage(visit);
  const step = accountTaskSteps.find((one) => one === task);
  if (step && !Object.values(tasksAbout).includes(step)) return begin(visit, { step, subject: null });
  for (const [name, about] of Object.entries(tasksAbout)) {
    const subject = form[name];
    if (subject !== undefined) return begin(visit, { step: about, subject });
  }

  const { userId } = session;
  const act = { ...visit.act, actor: { kind: 'user', id: userId, name: await nameOf(visit, userId) } as const };
  if (end === 'others') await storage.write((stores) => revokeSessions(stores, act, userId, session.id));
  else if (end !== undefined) await storage.write((stores) => revokeSession(stores, act, userId, end));
  if (revoke !== undefined) await storage.write((stores) => revokeConsent(stores, act, userId, revoke));
  if (action !== 'signOut') return toPage(visit, '?saved');
  const asked = { protocol: endpoint, applicationId: null, state: '' };
  return visit.signOut.begin({ request, tenant, act }, [session], asked);
}

/** Back from a sign-in, done or given up. */
async function comeBack(visit: Visit): Promise<HttpResponse> {
  const { storage, request, act, tenant } = visit;
  const secret = request.url.searchParams.get('result') ?? '';
  const browser = browserOf(request, tenant.id);
  const { outcome, requested } = await storage.write((stores) =>
    takeSignInResult(stores, act, endpoint, secret, browser),
  );
  if (outcome.outcome === 'completed') return toPage(visit, requested.task ? '?saved' : '');
  if (await sessionOf(visit)) return toPage(visit);
  // Whoever has given up is not asked again at once.
  const links = [{ href: pathOf(tenant), label: { key: 'myAccount.open' } }];
  return answer(visit, { title: { key: 'myAccount.signedOut' }, blocks: [{ kind: 'links', links }] }, '');
}

/** Begins a sign-in, for the page itself or for something that is to be done. */
async function begin(visit: Visit, task: AccountTask | undefined): Promise<HttpResponse> {
  const { storage, request, tenant, act } = visit;
  const session = await sessionOf(visit);
  const begun = await storage.write((stores) =>
    beginSignIn(
      stores,
      act,
      {
        application: { id: endpoint, appId: endpoint, displayName: tenant.displayName },
        flow: accountFlow.name,
        prompts: [],
        maxAgeSeconds: null,
        loginHint: null,
        domainHint: null,
        uiLocales: [],
        contexts: [],
        mustReachContext: false,
        scopes: [],
        // A task is done for whoever pressed the button, and for nobody else.
        userId: task && session ? session.userId : null,
        ...(task && { task }),
      },
      { endpoint, returnTo: `${pathOf(tenant)}/back`, state: '' },
      browserOf(request, tenant.id),
    ),
  );
  if (begun.outcome !== 'interaction') return toPage(visit);
  const { signInId, browserSecret } = begun;
  return {
    status: 303,
    headers: {
      location: signInPath(tenant.id, signInId),
      'set-cookie': browserCookie(request.url, tenant.id, browserSecret),
    },
  };
}

/** People take back their own consent; one that was given for everybody is the administrators'. */
async function revokeConsent(stores: AccountStores, act: Act, userId: string, id: string): Promise<void> {
  const [grant] = await stores.permissionGrants.list(act.tenantId, { id, principalId: userId }, 1);
  if (grant) await revokePermissionGrant(stores, act, grant.id);
}

function sessionOf({ storage, request, tenant, act }: Visit): Promise<Session | undefined> {
  return findSession(storage.read, tenant.id, browserOf(request, tenant.id).sessionSecret, act.now);
}

function secretOf({ request, tenant }: Visit): string {
  return browserOf(request, tenant.id).sessionSecret ?? '';
}

async function nameOf({ storage, tenant }: Visit, userId: string): Promise<string> {
  const user = await storage.read.objects.find(tenant.id, userId);
  return String(user?.attributes['userPrincipalName'] ?? '');
}

/** By its id a tenant is found whatever it is called. */
function pathOf({ id }: Tenant): string {
  return `/${id}/account`;
}

function toPage({ tenant }: Visit, query = ''): HttpResponse {
  return { status: 303, headers: { location: `${pathOf(tenant)}${query}` } };
}

function problemForm(text: Text, tenant?: Tenant): Form {
  const notice = { kind: 'notice', tone: 'error', text } as const;
  const links = tenant && [{ href: pathOf(tenant), label: { key: 'myAccount.open' } }];
  return { title: { key: 'refused.title' }, blocks: links ? [notice, { kind: 'links', links }] : [notice] };
}

async function answer(
  { storage, tenant, request }: Visit,
  form: Form,
  token: string,
  status = 200,
  isWide = false,
): Promise<HttpResponse> {
  const frame = { ...(await frameOf(storage.read.branding, tenant)), isWide };
  const noStore = { 'cache-control': 'no-store' };
  return formAnswer(request, frame, form, { status, action: pathOf(tenant), token, headers: noStore });
}
