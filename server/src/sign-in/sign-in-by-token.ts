import type { Act } from '../audit/index.ts';
import type { DirectoryObject } from '../directory/index.ts';
import { Refusal } from '../refusal.ts';
import {
  type Acceptance,
  acceptClaims,
  acceptIdentity,
  createNewcomer,
  type PresentedToken,
  type UpstreamIdentity,
  type UpstreamProvider,
} from '../upstream-providers/index.ts';
import { findApplicationHomes, narrowFlow } from './application-homes.ts';
import { isReached } from './authentication-context.ts';
import type { CompletedSignIn } from './completed-sign-in.ts';
import { readHomes } from './home-realm.ts';
import { hasNamesake, isAskedMore, unknownUser, userOf } from './keep-identity.ts';
import type { SignInStorage } from './page-request.ts';
import { type ProgramSignIn, programEvent } from './program-sign-in.ts';
import type { SignInWriting } from './store.ts';
import { type Upstream, UpstreamFailure } from './upstream.ts';

/** What a program sends of a person. */
export interface SentToken extends ProgramSignIn, Omit<PresentedToken, 'tenantId' | 'provider' | 'now'> {
  /** Whom the token names as its issuer. */
  issuer: string | undefined;
}

export type TokenSignIn =
  | ({ outcome: 'completed'; user: DirectoryObject } & Pick<
      CompletedSignIn,
      'authenticatedAt' | 'context' | 'home' | 'accepted' | 'proxyRestriction'
    >)
  /** `detail` is for the log, and for nobody else. */
  | { outcome: 'refused'; reason: 'token_refused' | 'interaction_required'; detail: string };

/**
 * Signs somebody in without a page, for a program that brings an assertion of an identity provider. It counts as if the
 * person had come back from there with a browser: by the same acceptance rules, domains and accounts, and with a new
 * account where the provider makes those. Where a page would ask for more there is nothing to be had. The sign-in log gets
 * the entry that it gets of a sign-in at a page.
 */
export async function signInByToken(
  storage: SignInStorage,
  upstream: Pick<Upstream, 'prove'>,
  act: Act,
  sent: SentToken,
): Promise<TokenSignIn> {
  try {
    const provider = await findProvider(storage, sent);
    const presented = { ...sent, tenantId: act.tenantId, provider, now: act.now };
    return await accept(storage, act, sent, provider, await upstream.prove(presented));
  } catch (error) {
    if (!(error instanceof UpstreamFailure || error instanceof Refusal)) throw error;
    await keepEvent(storage, act, sent, undefined, error.code);
    return { outcome: 'refused', reason: 'token_refused', detail: error.message };
  }
}

/** The provider that the token names, if the flow and the application let its people in. */
async function findProvider(
  { read }: SignInStorage,
  { tenant, flow, application, issuer }: SentToken,
): Promise<UpstreamProvider> {
  const homes = await findApplicationHomes(read, tenant.id, application);
  const { providers } = readHomes(await read.upstreamProviders.list(tenant.id), narrowFlow(flow, homes));
  const provider = providers.find((each) => each.issuer === issuer);
  if (!provider)
    throw new UpstreamFailure('upstream_refused', `Nobody comes here from ${issuer ?? 'an unnamed issuer'}.`);
  return provider;
}

async function accept(
  storage: SignInStorage,
  act: Act,
  sent: SentToken,
  provider: UpstreamProvider,
  identity: UpstreamIdentity,
): Promise<TokenSignIn> {
  const { tenant, flow } = sent;
  const accepted = await acceptClaims(storage.read, tenant, provider, identity);
  const context = provider.isMultiFactorTrusted ? identity.context : 'singleFactor';
  const find = (stores: SignInWriting) =>
    acceptIdentity(stores, act, tenant, provider, identity, accepted).then((whose) =>
      userFor(stores, act, sent, provider, whose),
    );
  const user = await storage.write(find).catch((error) => {
    // Of two first sign-ins of one person at once, the second finds the user whom the first has made.
    if (error instanceof Refusal && error.code === 'directory.name_taken') return storage.write(find);
    throw error;
  });
  const needsMore = flow.secondFactor.when !== 'off' && !isReached('multiFactor', context);
  if (!user || needsMore) {
    await keepEvent(storage, act, sent, user, 'interaction_required');
    return { outcome: 'refused', reason: 'interaction_required', detail: 'The person has to come to a page.' };
  }
  await keepEvent(storage, act, sent, user, null);
  const { authenticatedAt: at, proxyRestriction } = identity;
  const restriction = proxyRestriction && { proxyRestriction };
  const authenticatedAt = at && at < act.now ? at : act.now;
  return { outcome: 'completed', user, context, home: provider.id, accepted, authenticatedAt, ...restriction };
}

/** Undefined: a page would ask a newcomer something. @throws UpstreamFailure */
async function userFor(
  stores: SignInWriting,
  act: Act,
  { tenant, flow }: SentToken,
  { createsUsers }: UpstreamProvider,
  whose: Acceptance,
): Promise<DirectoryObject | undefined> {
  if (whose.kind !== 'newcomer') return userOf(whose);
  const { newcomer } = whose;
  if (!createsUsers) throw unknownUser(newcomer);
  const isAsked = isAskedMore(flow, newcomer) || (await hasNamesake(stores, tenant, flow, newcomer));
  return isAsked ? undefined : createNewcomer(stores, act, newcomer);
}

async function keepEvent(
  storage: SignInStorage,
  act: Act,
  sent: SentToken,
  user: DirectoryObject | undefined,
  failure: string | null,
): Promise<void> {
  const event = programEvent(act, sent, {
    userId: user?.id ?? null,
    user,
    failure,
    step: 'upstream',
    methods: ['fed'],
  });
  await storage.write(({ signInEvents }) => signInEvents.append(sent.tenant.id, event));
}
