import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Act } from '../audit/index.ts';
import { Refusal } from '../refusal.ts';
import { getProvider, type UpstreamIdentity } from '../upstream-providers/index.ts';
import { refuse } from './errors.ts';
import type { Facts } from './facts.ts';
import { keepIdentity } from './keep-identity.ts';
import { challengeOf, findPosition, type PageRequest, type Position, type SignInStorage } from './page-request.ts';
import { changed, nothingShown, type SignIn } from './sign-in.ts';
import { signInEvent } from './sign-in-event.ts';
import { traceUpstreamFailure } from './trace-upstream.ts';
import {
  type Departure,
  type Upstream,
  type UpstreamAnswer,
  UpstreamFailure,
  type UpstreamRequest,
} from './upstream.ts';

/** Path to which a provider sends browsers back. Each provider has its own. */
export function upstreamPath(tenantId: string, provider: string): string {
  return `/${tenantId}/federation/${provider}`;
}

/** Path to which a provider sends messages about sign-outs. */
export function upstreamLogoutPath(tenantId: string, provider: string): string {
  return `${upstreamPath(tenantId, provider)}/logout`;
}

/** Path at which a provider calls us by SOAP to end sessions. */
export function upstreamSoapPath(tenantId: string, provider: string): string {
  return `${upstreamLogoutPath(tenantId, provider)}/soap`;
}

/**
 * Our metadata for a provider, in XML; undefined where its protocol has none.
 * @throws Refusal `upstream-providers.not_found`
 */
export async function describeToUpstream(
  storage: SignInStorage,
  upstream: Upstream,
  tenantId: string,
  providerId: string,
  origin: string,
  now: Date,
): Promise<string | undefined> {
  const provider = await getProvider(storage.read, tenantId, providerId);
  const returnTo = origin + upstreamPath(tenantId, provider.id);
  const signOutReturnTo = origin + upstreamLogoutPath(tenantId, provider.id);
  const soapAddress = origin + upstreamSoapPath(tenantId, provider.id);
  return upstream.describe({ tenantId, provider, returnTo, signOutReturnTo, soapAddress, now });
}

/**
 * Takes an answer that nobody asked for (SAML Profiles 4.1.5). Anybody may have put it into the browser, to sign the person
 * in under another name: so it signs nobody in. Once it is proven it is the wish to come to one application, whose
 * sign-in begins then and asks the provider, as every other does.
 *
 * @returns the id of the provider, and the object id of that application's service principal
 * @throws UpstreamFailure
 * @throws Refusal `upstream-providers.not_found`, `sign-in.answer_not_ours` where such answers are not taken
 */
export async function takeUnsolicited(
  { read }: SignInStorage,
  upstream: Upstream,
  { tenantId, now }: Pick<Act, 'tenantId' | 'now'>,
  providerId: string,
  origin: string,
  answer: UpstreamAnswer,
): Promise<{ provider: string; application: string }> {
  const provider = await getProvider(read, tenantId, providerId);
  const application = provider.protocol === 'saml' ? provider.saml.unsolicitedFor : null;
  if (application === null || !provider.isEnabled) throw refuse('sign-in.answer_not_ours');
  const returnTo = origin + upstreamPath(tenantId, provider.id);
  await upstream.checkUnsolicited({ tenantId, provider, returnTo, now }, answer);
  return { provider: provider.id, application };
}

/** Sends the person to the provider. What goes wrong on the way there is kept as an outcome: undefined. */
export async function leaveForUpstream(
  storage: SignInStorage,
  upstream: Upstream,
  request: PageRequest,
  position: Position,
): Promise<Departure | undefined> {
  try {
    return await upstream.begin(await upstreamRequest(storage, request, position));
  } catch (error) {
    await keepFailure(storage, request, position, error);
    return undefined;
  }
}

/**
 * Takes the answer of a provider. The browser is then sent back to the page of the sign-in, whatever came of it.
 *
 * @returns id of the provider where somebody proved to be at home there
 * @throws Refusal `sign-in.not_found`, `sign-in.answer_not_ours`
 */
export async function returnFromUpstream(
  storage: SignInStorage,
  upstream: Upstream,
  request: PageRequest,
  providerId: string,
  state: string,
  answer: UpstreamAnswer,
): Promise<string | undefined> {
  const position = await findPosition(storage, request);
  const { next } = position;
  // Somebody who went back in the browser, or chose another way meanwhile.
  if (next.kind !== 'upstream' || next.provider.id !== providerId) return undefined;
  const asked = await upstreamRequest(storage, request, position);
  // OAuth 2.0 Security BCP (RFC 9700) 4.7: an answer counts only in the sign-in and browser that asked for it.
  if (!isEqual(asked.state, state)) throw refuse('sign-in.answer_not_ours');
  try {
    const identity = await upstream.complete(asked, answer);
    const stale = checkFreshness(asked, identity);
    // Whoever begins to sign in may have something to prove here instead.
    if (stale && (stale.code !== 'upstream_undated' || position.facts.person)) throw stale;
    await keepIdentity(storage, request.act, position, { ...asked, purpose: next.purpose }, identity);
    if (stale) {
      const { signIn } = position;
      await storage.write((stores) => traceUpstreamFailure(stores, request.act, signIn, next.provider, stale));
    }
    return next.purpose === 'prove' ? next.provider.id : undefined;
  } catch (error) {
    await keepFailure(storage, request, position, error);
    return undefined;
  }
}

async function upstreamRequest(
  storage: SignInStorage,
  { act: { tenantId }, browser, languages }: PageRequest,
  { signIn, facts, next }: Position,
): Promise<UpstreamRequest> {
  if (next.kind !== 'upstream') throw new Error('This sign-in goes to no provider now.');
  const { provider, purpose } = next;
  const { requested } = signIn;
  const challenge = challengeOf(signIn);
  const secret = await storage.read.upstreamProviders.findSecret(tenantId, provider.id);
  return {
    tenantId,
    provider,
    secret: secret ?? null,
    returnTo: browser.origin + upstreamPath(tenantId, provider.id),
    state: `${signIn.id}.${createHmac('sha256', challenge).update('state').digest('base64url')}`,
    challenge,
    ...(purpose === 'prove' ? proofAsked(signIn, facts) : noProofAsked),
    context: provider.isMultiFactorTrusted ? (requested.contexts[0] ?? null) : null,
    uiLocales: [...requested.uiLocales, ...languages],
    proxying: requested.proxying,
    now: facts.now,
  };
}

type ProofAsked = Pick<UpstreamRequest, 'mustProveAgain' | 'maxAgeSeconds' | 'loginHint'>;

function proofAsked({ requested, progress }: SignIn, { person }: Facts): ProofAsked {
  const { prompts, maxAgeSeconds, loginHint } = requested;
  return {
    mustProveAgain: person !== undefined || prompts.includes('login') || maxAgeSeconds === 0,
    maxAgeSeconds,
    loginHint: progress.typedName ?? loginHint,
  };
}

/** Whose identity it is that an account gets, the person sees and confirms when it has come. */
const noProofAsked: ProofAsked = { mustProveAgain: false, maxAgeSeconds: null, loginHint: null };

function isEqual(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** How far the clock of a provider may be from ours, in milliseconds. */
const clockSkew = 180_000;

/** OIDC Core 3.1.2.1, SAML Core 3.4.1: whoever had to prove it anew must not come back with an old proof. */
function checkFreshness(asked: UpstreamRequest, { authenticatedAt }: UpstreamIdentity): UpstreamFailure | undefined {
  const most = asked.mustProveAgain ? 0 : asked.maxAgeSeconds;
  if (most === null) return undefined;
  if (authenticatedAt === null) {
    return new UpstreamFailure('upstream_undated', 'The provider does not say when the person signed in.');
  }
  // A person may take as long at the provider as here.
  const allowed = asked.mustProveAgain ? 3_600_000 : most * 1000;
  if (asked.now.getTime() - authenticatedAt.getTime() <= allowed + clockSkew) return undefined;
  const since = authenticatedAt.toISOString();
  return new UpstreamFailure('upstream_answer_wrong', `The person signed in at ${since}, which is too long ago.`);
}

/** Keeps why nobody came back: the person chooses again, and the sign-in log says what happened. */
async function keepFailure(
  storage: SignInStorage,
  { act, browser }: PageRequest,
  { signIn, facts, next }: Position,
  error: unknown,
): Promise<void> {
  const isKnown = error instanceof UpstreamFailure || error instanceof Refusal;
  if (!isKnown || next.kind !== 'upstream') throw error;
  const text = { key: `upstream.${keyOf(error)}`, values: { provider: next.provider.displayName } };
  const shown = { ...nothingShown, problems: [{ field: null, text }] };
  const chooses = next.purpose === 'prove' ? { home: null, choosesHome: true } : { linksWith: null };
  const progress = { ...signIn.progress, ...chooses };
  await storage.write(async (stores) => {
    if (!(await stores.signIns.update(act.tenantId, changed(signIn, progress, shown)))) return;
    const event = signInEvent(act, facts, browser, { failure: error.code, failedStep: 'upstream' });
    await stores.signInEvents.append(act.tenantId, event);
    await traceUpstreamFailure(stores, act, signIn, next.provider, error);
  });
}

/** People learn of a refusal only that there is one; the sign-in log has its code. */
function keyOf(error: UpstreamFailure | Refusal): string {
  return error instanceof UpstreamFailure ? error.code : 'upstream_refused';
}
