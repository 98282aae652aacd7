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
  { provider, failure, text }: RefusedMessage,
): Promise<HttpResponse> {
  await keepFailure(refusedTraces, act, provider, failure);
  return errorPage(request, frame, { status: 400, error: failure.check.check, reason: undefined, text });
}

/** Keeps why a message of an identity provider is not believed. */
export async function keepFailure(
  refusedTraces: RefusedTraces,
  act: Pick<Act, 'tenantId' | 'now' | 'correlationId'>,
  { id, protocol }: RefusedMessage['provider'],
  { check: { check, spec }, message }: UpstreamFailure,
): Promise<void> {
  const tracing = new Tracing(protocol, act);
  tracing.note({ trust: { provider: id } });
  tracing.failed({ reason: check, spec, message });
  await refusedTraces.keep(act.tenantId, tracing.trace, act.now);
}
