import { UpstreamFailure, type UpstreamSignOut, upstreamLogoutPath } from '../../sign-in/index.ts';
import type { HttpRequest, HttpResponse, Route } from '../http.ts';
import { errorPage, frameOf, RefusedTraces, readFields, refuseMessage } from '../sign-in/index.ts';
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
  spec: 'SAML Core 3.7.2',
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
    if (heard.kind === 'response') {
      const visited = await options.signOut.findVisited(call, heard.messageId);
      const isExpected = visited?.protocol === upstreamProtocol && visited.applicationId === provider.id;
      const answer = isExpected && (await options.signOut.resume(call, heard.messageId, heard.failure));
      if (!answer) throw notAsked;
      return answer;
    }
    const known = await storage.read.sessions.listOfUpstream(tenant.id, heard.key, act.now);
    const meant = known.filter(({ factors }) =>
      factors.some(({ federated }) => federated?.session && heard.isAbout(federated.session.state)),
    );
    const suspended: SuspendedSignOut = { provider: provider.id, asked: heard.request };
    const asked = { protocol: upstreamProtocol, applicationId: provider.id, state: JSON.stringify(suspended) };
    return await options.signOut.begin(call, meant, asked);
  } catch (error) {
    if (!(error instanceof UpstreamFailure)) throw error;
    const refused = { provider, failure: error, text: 'signOut.message_refused' };
    return refuseMessage(refusedTraces, request, act, frame, refused);
  }
}
