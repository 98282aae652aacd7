import { createHmac } from 'node:crypto';
import type { Tenant } from '../../directory/index.ts';
import { keepTrial, type SetupTrial, takeTrial } from '../../federation-metadata/index.ts';
import { Refusal } from '../../refusal.ts';
import { type UpstreamAnswer, UpstreamFailure, type UpstreamRequest, upstreamPath } from '../../sign-in/index.ts';
import {
  acceptClaims,
  getProvider,
  type UpstreamIdentity,
  type UpstreamProvider,
} from '../../upstream-providers/index.ts';
import type { Block, Text } from '../../user-flows/index.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { continueAnswer, formAnswer, frameOf, postAnswer } from '../sign-in/index.ts';
import type { SetupLinkOptions, Visit } from './routes.ts';

/** Sends the browser to the provider, as a sign-in does. */
export async function leaveForTrial(visit: Visit): Promise<HttpResponse> {
  const { storage, upstream, newSecret, newId, act, tenant, request, link } = visit;
  const provider = await getProvider(storage.read, tenant.id, link.awaited.id);
  const trialId = `t${newId().replaceAll('-', '')}`;
  const trial: SetupTrial = { providerId: provider.id, challenge: newSecret() };
  await storage.write((stores) => keepTrial(stores, act, trialId, trial));
  const { url, fields } = await upstream.begin(requestOf(request, tenant, provider, trialId, trial, act.now));
  const frame = await frameOf(storage.read.branding, tenant);
  if (fields) return postAnswer(request, frame, { url, fields });
  return continueAnswer(request, frame, url, { 'cache-control': 'no-store' });
}

/** Every state of a trial begins like this, and none of a sign-in does. */
const stateForm = /^(t[0-9a-f]{32})\.[\w-]{43}$/;

/**
 * Shows what a provider said in a trial. Nobody is signed in by it, and nothing of it is kept.
 * @returns undefined when it is the answer of no trial
 */
export async function showTrial(
  { storage, upstream, now }: SetupLinkOptions,
  request: HttpRequest,
  state: string,
  answer: UpstreamAnswer,
): Promise<HttpResponse | undefined> {
  const trialId = stateForm.exec(state)?.[1];
  const tenant = trialId && (await storage.read.tenants.find(request.parameters['tenant'] ?? ''));
  if (!trialId || !tenant) return undefined;
  request.admitTenant(tenant.id);
  const at = now();
  const trial = await storage.write((stores) => takeTrial(stores, tenant.id, trialId, at));
  if (!trial || trial.providerId.toLowerCase() !== request.parameters['provider']?.toLowerCase()) return undefined;
  const provider = await getProvider(storage.read, tenant.id, trial.providerId);
  const asked = requestOf(request, tenant, provider, trialId, trial, at);
  const blocks =
    asked.state === state ? await tell(storage.read, tenant, asked, () => upstream.complete(asked, answer)) : [];
  const title = { key: 'setupLink.trialTitle', values: { provider: provider.displayName } };
  const frame = { ...(await frameOf(storage.read.branding, tenant)), isWide: true };
  return formAnswer(request, frame, { title, blocks });
}

/** What the answer says, what is believed of it, and what is wrong. */
async function tell(
  stores: SetupLinkOptions['storage']['read'],
  tenant: Tenant,
  { provider }: UpstreamRequest,
  complete: () => Promise<UpstreamIdentity>,
): Promise<Block[]> {
  let identity: UpstreamIdentity;
  try {
    identity = await complete();
  } catch (error) {
    if (!(error instanceof UpstreamFailure)) throw error;
    const values = { problem: error.message, check: error.check.check };
    return [{ kind: 'notice', tone: 'error', text: { key: 'setupLink.trialBad', values } }];
  }
  const subject = { name: { key: 'setupLink.trialSubject' }, value: identity.subject };
  const received: Block[] = [{ kind: 'facts', facts: [subject] }, listOf('setupLink.trialReceived', identity.claims)];
  try {
    const accepted = listOf('setupLink.trialAccepted', await acceptClaims(stores, tenant, provider, identity));
    return [notice('success', { key: 'setupLink.trialGood' }), ...received, accepted];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [notice('error', { key: 'setupLink.trialRules', values: { problem: error.message } }), ...received];
  }
}

function notice(tone: 'success' | 'error', text: Text): Block {
  return { kind: 'notice', tone, text };
}

function listOf(title: string, claims: readonly { type: string; value: string }[]): Block {
  const items = claims.map(({ type, value }) => ({ key: 'setupLink.trialClaim', values: { type, value } }));
  return { kind: 'list', title: { key: title }, items: items.length > 0 ? items : [{ key: 'setupLink.trialNone' }] };
}

/** What is asked, the same when the answer comes. */
function requestOf(
  { url }: HttpRequest,
  tenant: Tenant,
  provider: UpstreamProvider,
  trialId: string,
  { challenge }: SetupTrial,
  now: Date,
): UpstreamRequest {
  return {
    tenantId: tenant.id,
    provider,
    secret: null,
    returnTo: url.origin + upstreamPath(tenant.id, provider.id),
    state: `${trialId}.${createHmac('sha256', challenge).update('state').digest('base64url')}`,
    challenge,
    proxying: undefined,
    mustProveAgain: false,
    maxAgeSeconds: null,
    loginHint: null,
    context: null,
    uiLocales: [],
    now,
  };
}
