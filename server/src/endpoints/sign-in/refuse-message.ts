import type { Act } from '../../audit/index.ts';
import type { UpstreamFailure } from '../../sign-in/index.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { errorPage } from './error-page.ts';
import type { PageFrame } from './page.ts';
import type { RefusedTraces } from './refused-traces.ts';
import { Tracing } from './tracing.ts';

/** What an identity provider sent, and why it is not believed. */
export interface RefusedMessage {
  provider: { id: string; protocol: string };
  failure: UpstreamFailure;
  /** Key of what the page says. */
  text: string;
}

/** A page for the person in whose browser a message of an identity provider came that belongs to no sign-in; its trace is kept. */
export async function refuseMessage(
  refusedTraces: RefusedTraces,
  request: HttpRequest,
  act: Pick<Act, 'tenantId' | 'now' | 'correlationId'>,
  frame: PageFrame,
  { provider: { id, protocol }, failure, text }: RefusedMessage,
): Promise<HttpResponse> {
  const { check, spec } = failure.check;
  const tracing = new Tracing(protocol, act);
  tracing.note({ trust: { provider: id } });
  tracing.failed({ reason: check, spec, message: failure.message });
  await refusedTraces.keep(act.tenantId, tracing.trace, act.now);
  return errorPage(request, frame, { status: 400, error: check, reason: undefined, text });
}
