import type { Act } from '../audit/index.ts';
import { Refusal } from '../refusal.ts';
import type { UpstreamProvider } from '../upstream-providers/index.ts';
import type { SignIn } from './sign-in.ts';
import { longestTracedText, type SignInTrace, type TracedCheck } from './sign-in-trace.ts';
import type { SignInStores } from './store.ts';
import type { UpstreamFailure } from './upstream.ts';

/** A browser that fails again and again must not make a trace grow. */
const mostChecks = 50;

/** Notes in the trace of a sign-in why nobody came back from a provider; whose application's protocol keeps none gets one. */
export async function traceUpstreamFailure(
  { signInTraces }: Pick<SignInStores, 'signInTraces'>,
  { tenantId, now }: Act,
  { id, requested }: SignIn,
  { id: provider, protocol }: UpstreamProvider,
  failure: UpstreamFailure | Refusal,
): Promise<void> {
  const begun: SignInTrace = {
    id,
    at: now,
    protocol,
    signInId: id,
    applicationId: requested.application.id,
    request: null,
    trust: { provider },
    checks: [],
    authorization: null,
    issuance: null,
    token: null,
  };
  const { check, spec } = failure instanceof Refusal ? { check: failure.code, spec: '' } : failure.check;
  const detail = `${provider}: ${failure.message}`.slice(0, longestTracedText);
  const failed: TracedCheck = { check, spec, hasPassed: false, detail };
  const { checks, ...trace } = (await signInTraces.find(tenantId, id)) ?? begun;
  await signInTraces.save(tenantId, { ...trace, checks: [...checks, failed].slice(-mostChecks) });
}
