import {
  findSessionToEnd,
  type HeardSignOut,
  type MeantSessions,
  type Session,
  UpstreamFailure,
  type UpstreamSignOut,
  upstreamLogoutPath,
  upstreamSoapPath,
} from '../../sign-in/index.ts';
import type { UpstreamProvider } from '../../upstream-providers/index.ts';
import type { HttpRequest, HttpResponse, Route } from '../http.ts';
import {
  browserOf,
  errorPage,
  frameOf,
  keepFailure,
  RefusedTraces,
  readFields,
  refuseMessage,
} from '../sign-in/index.ts';
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
  const parts = { ...options, refusedTraces: new RefusedTraces(options.storage) };
  const route = (method: string, path: typeof upstreamLogoutPath, answer: Answer): Route => ({
    method,
    path: path(':tenant', ':provider'),
    handle: (request) => handle(parts, request, answer),
  });
  return [
    route('GET', upstreamLogoutPath, answerMessage),
    route('POST', upstreamLogoutPath, answerMessage),
    route('POST', upstreamSoapPath, answerCall),
  ];
}

type Parts = UpstreamSignOutRouteOptions & { refusedTraces: RefusedTraces };
type Answer = (parts: Parts, call: SignOutCall, provider: UpstreamProvider) => Promise<HttpResponse>;

async function handle(parts: Parts, request: HttpRequest, answer: Answer): Promise<HttpResponse> {
  const { storage, now, newId } = parts;
  const { tenant: tenantName = '', provider: providerId = '' } = request.parameters;
  const tenant = await storage.read.tenants.resolve(tenantName);
  if (!tenant) return errorPage(request, undefined, notFound);
  request.admitTenant(tenant.id);
  const provider = await storage.read.upstreamProviders.find(tenant.id, providerId);
  if (!provider) return errorPage(request, await frameOf(storage.read.branding, tenant), notFound);
  const actor = { kind: 'system', id: null, name: provider.displayName } as const;
  const act = { tenantId: tenant.id, actor, now: now(), correlationId: request.requestId, newId };
  return answer(parts, { request, tenant, act }, provider);
}

/** Answers what a browser brings, and notices of a provider. */
async function answerMessage(parts: Parts, call: SignOutCall, provider: UpstreamProvider): Promise<HttpResponse> {
  const { request, tenant, act } = call;
  const method = request.method === 'POST' ? 'POST' : 'GET';
  const parameters = method === 'GET' ? request.url.searchParams : readFields(request, mostBytes);
  const message = { method, parameters, query: request.url.search.slice(1) } as const;
  try {
    const heard = await parts.upstream.hear(betweenOf(call, provider), message);
    return await (heard.kind === 'response' ? goOn(parts, call, provider, heard) : end(parts, call, provider, heard));
  } catch (error) {
    if (!(error instanceof UpstreamFailure)) throw error;
    const refused = { provider, failure: error, text: 'signOut.message_refused' };
    const frame = await frameOf(parts.storage.read.branding, tenant);
    return refuseMessage(parts.refusedTraces, request, act, frame, refused);
  }
}

/** Answers a provider that calls by SOAP: nobody is there to see a page. */
async function answerCall(parts: Parts, call: SignOutCall, provider: UpstreamProvider): Promise<HttpResponse> {
  const { request, act } = call;
  const served = await parts.upstream.serve(betweenOf(call, provider), {
    envelope: request.body ?? new Uint8Array(),
    reference: request.requestId,
    end: async (meant) => {
      const sessions = await findMeant(parts.storage.read, call, provider.id, meant);
      return (await parts.signOut.end(call, sessions, askedBy(provider))).length === 0;
    },
  });
  if (!served) return { status: 404, headers: { 'cache-control': 'no-store' }, body: '' };
  const { refused, ...answer } = served;
  if (refused) await keepFailure(parts.refusedTraces, act, provider, refused);
  return answer;
}

const askedBy = ({ id }: UpstreamProvider) => ({ protocol: upstreamProtocol, applicationId: id });

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
  provider: UpstreamProvider,
  heard: Exclude<HeardSignOut, Response>,
): Promise<HttpResponse> {
  const { id } = provider;
  const sessions = await findMeant(storage.read, call, id, heard.meant);
  if (heard.kind === 'notice' && heard.by === 'call') {
    await signOut.end(call, sessions, askedBy(provider));
    return { status: 200, headers: { 'cache-control': 'no-store' }, body: '' };
  }
  const suspended: SuspendedSignOut = { provider: id, asked: heard.kind === 'request' ? heard.request : null };
  const asked = { ...askedBy(provider), state: JSON.stringify(suspended) };
  return signOut.begin(call, sessions, { ...asked, reach: heard.kind === 'notice' ? 'frame' : 'visit' });
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
