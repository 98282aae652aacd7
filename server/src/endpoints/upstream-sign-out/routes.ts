import {
  findSessionToEnd,
  type HeardSignOut,
  type MeantSessions,
  type Session,
  UpstreamFailure,
  type UpstreamSignOut,
  upstreamLogoutPath,
} from '../../sign-in/index.ts';
import type { UpstreamProvider } from '../../upstream-providers/index.ts';
import type { HttpRequest, HttpResponse, Route } from '../http.ts';
import { browserOf, errorPage, frameOf, RefusedTraces, readFields, refuseMessage } from '../sign-in/index.ts';
import { type SignOut, type SignOutCall, type SignOutStorage, upstreamProtocol } from '../sign-out/index.ts';
import { betweenOf, type SuspendedSignOut, type UpstreamSignOutOptions } from './sign-out.ts';

export interface UpstreamSignOutRouteOptions extends UpstreamSignOutOptions {
  storage: UpstreamSignOutOptions['storage'] & SignOutStorage;
  upstream: UpstreamSignOut;
  signOut: SignOut;
  now: () => Date;
  newId: () => string;
}

/** A message of 250 KB, as large as the packages read, in base64. */
const mostBytes = 349_525;

const notFound = { status: 404, error: 'provider_not_found', reason: 'There is no such identity provider.' };
const notAsked = new UpstreamFailure('upstream_answer_wrong', 'It answers nothing that was asked.', undefined, {
  check: 'response.in_response_to',
  spec: '',
});

/** Where providers send what they say about sign-outs. */
export function upstreamSignOutRoutes(options: UpstreamSignOutRouteOptions): Route[] {
  const refusedTraces = new RefusedTraces(options.storage);
  return (['GET', 'POST'] as const).map((method) => ({
    method,
    path: upstreamLogoutPath(':tenant', ':provider'),
    handle: (request) => handle(options, refusedTraces, method, request),
  }));
}

async function handle(
  options: UpstreamSignOutRouteOptions,
  refusedTraces: RefusedTraces,
  method: 'GET' | 'POST',
  request: HttpRequest,
): Promise<HttpResponse> {
  const { storage, now, newId } = options;
  const { tenant: tenantName = '', provider: providerId = '' } = request.parameters;
  const tenant = await storage.read.tenants.resolve(tenantName);
  if (!tenant) return errorPage(request, undefined, notFound);
  request.admitTenant(tenant.id);
  const frame = await frameOf(storage.read.branding, tenant);
  const provider = await storage.read.upstreamProviders.find(tenant.id, providerId);
  if (!provider) return errorPage(request, frame, notFound);
  const actor = { kind: 'system', id: null, name: provider.displayName } as const;
  const act = { tenantId: tenant.id, actor, now: now(), correlationId: request.requestId, newId };
  const call: SignOutCall = { request, tenant, act };
  const parameters = method === 'GET' ? request.url.searchParams : readFields(request, mostBytes);
  const message = { method, parameters, query: request.url.search.slice(1) };
  try {
    const heard = await options.upstream.hear(betweenOf(call, provider), message);
    return await (heard.kind === 'response'
      ? goOn(options, call, provider, heard)
      : end(options, call, provider, heard));
  } catch (error) {
    if (!(error instanceof UpstreamFailure)) throw error;
    const refused = { provider, failure: error, text: 'signOut.message_refused' };
    return refuseMessage(refusedTraces, request, act, frame, refused);
  }
}

type Response = Extract<HeardSignOut, { kind: 'response' }>;

/** A sign-out that began here goes on. */
async function goOn(
  { signOut }: UpstreamSignOutRouteOptions,
  call: SignOutCall,
  { id }: UpstreamProvider,
  { messageId, failure }: Response,
): Promise<HttpResponse> {
  const visited = await signOut.findVisited(call, messageId);
  const isExpected = visited?.protocol === upstreamProtocol && visited.applicationId === id;
  const answer = isExpected && (await signOut.resume(call, messageId, failure));
  if (!answer) throw notAsked;
  return answer;
}

/** The provider ends sessions. */
async function end(
  { signOut, storage }: UpstreamSignOutRouteOptions,
  call: SignOutCall,
  { id }: UpstreamProvider,
  heard: Exclude<HeardSignOut, Response>,
): Promise<HttpResponse> {
  const sessions = await findMeant(storage.read, call, id, heard.meant);
  if (heard.kind === 'notice' && heard.by === 'call') {
    await signOut.end(call, sessions);
    return { status: 200, headers: { 'cache-control': 'no-store' }, body: '' };
  }
  const suspended: SuspendedSignOut = { provider: id, asked: heard.kind === 'request' ? heard.request : null };
  const asked = { protocol: upstreamProtocol, applicationId: id, state: JSON.stringify(suspended) };
  return signOut.begin(call, sessions, { ...asked, isFramed: heard.kind === 'notice' });
}

async function findMeant(
  read: SignOutStorage['read'],
  { request, tenant, act }: SignOutCall,
  providerId: string,
  { key, isAbout }: MeantSessions,
): Promise<Session[]> {
  const own = async () => {
    const session = await findSessionToEnd(read, act, browserOf(request, tenant.id).sessionSecret);
    return session ? [session] : [];
  };
  const found = await (key === null ? own() : read.sessions.listOfUpstream(tenant.id, key, act.now));
  return found.filter(({ factors }) =>
    factors.some(
      ({ federated }) => federated?.provider === providerId && federated.session && isAbout(federated.session.state),
    ),
  );
}
