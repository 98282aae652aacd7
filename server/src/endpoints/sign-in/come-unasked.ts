import type { BrandingStore } from '../../branding/index.ts';
import { getTenant } from '../../directory/index.ts';
import {
  type SignInStorage,
  takeUnsolicited,
  type Upstream,
  type UpstreamAnswer,
  UpstreamFailure,
} from '../../sign-in/index.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { frameOf } from './page.ts';
import { refuseMessage } from './refuse-message.ts';
import type { RefusedTraces } from './refused-traces.ts';

interface Parts {
  storage: SignInStorage & { readonly read: { branding: BrandingStore } };
  upstream: Upstream;
  refusedTraces: RefusedTraces;
  now: () => Date;
}

/** An answer of a provider that nobody asked for. Its RelayState leads nowhere: the trust says where to. */
export async function comeUnasked(
  { storage, upstream, refusedTraces, now }: Parts,
  request: HttpRequest,
  answer: UpstreamAnswer,
): Promise<HttpResponse> {
  const { tenant: given = '', provider: id = '' } = request.parameters;
  const tenant = await getTenant(storage.read, given);
  const { id: tenantId } = tenant;
  request.admitTenant(tenantId);
  const act = { tenantId, now: now(), correlationId: request.requestId };
  const { origin } = request.url;
  try {
    const { provider, application } = await takeUnsolicited(storage, upstream, act, id, origin, answer);
    const start = new URL(`/${tenantId}/saml2/start/${encodeURIComponent(application)}`, origin);
    start.searchParams.set('domain_hint', provider);
    return { status: 303, headers: { location: start.pathname + start.search, 'cache-control': 'no-store' } };
  } catch (failure) {
    if (!(failure instanceof UpstreamFailure)) throw failure;
    const frame = await frameOf(storage.read.branding, tenant);
    const refused = { provider: { id, protocol: 'saml' }, failure, text: 'upstream.unsolicited_refused' };
    return refuseMessage(refusedTraces, request, act, frame, refused);
  }
}
