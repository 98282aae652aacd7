import type { Act } from '../audit/index.ts';
import { accountFlow, type ProvenFactor } from '../user-flows/index.ts';
import { homeOf } from './application-homes.ts';
import { contextOf, methodReferences } from './authentication-context.ts';
import type { SignInAct } from './begin-sign-in.ts';
import { authenticatedAt } from './choose-proof.ts';
import type { Browser, CompletedSignIn, SignInOutcome, SignInRefusal } from './completed-sign-in.ts';
import type { Facts, Person } from './facts.ts';
import { digestOf } from './secret.ts';
import type { Session } from './session.ts';
import type { SignIn } from './sign-in.ts';
import { signInEvent } from './sign-in-event.ts';
import type { SignInWriting } from './store.ts';

/** The sign-in is over: where the browser goes, and its new session. */
export interface Ended {
  /** Path on our host, with the secret of the result. */
  returnTo: string;
  /** Undefined when the session of the browser stays as it is. */
  session: { secret: string; keptUntil: Date | null } | undefined;
}

/** How long the asking endpoint may take to fetch the result, in milliseconds. */
const resultLifetime = 300_000;

/** How long a browser counts as known without being used, in milliseconds: half a year. */
const browserMemory = 15_552_000_000;

/** Completes a sign-in for which the session was good enough. */
export async function completeFromSession(
  stores: SignInWriting,
  act: Act,
  facts: Facts,
  browser: Browser,
): Promise<CompletedSignIn> {
  const { person, session, flow } = facts;
  if (!person || !session) throw new Error('A sign-in without session cannot be completed from it.');
  await stores.sessions.update(act.tenantId, used(session, flow.session.idleSeconds, act.now));
  const completed = completedSignIn(facts, person, session.id);
  await remember(stores, act, facts, completed, browser, false);
  return completed;
}

/**
 * Completes a sign-in whose steps are all done: begins or renews the session, and leaves the result for the endpoint.
 * Undefined when another request was faster.
 */
export async function completeSignIn(
  stores: SignInWriting,
  act: SignInAct,
  signIn: SignIn,
  facts: Facts,
  browser: Browser,
): Promise<Ended | undefined> {
  const { person, flow } = facts;
  if (!person) throw new Error('A sign-in cannot be completed while nobody is signed in.');
  const session = renewed(act, facts, person, browser);
  const completed = completedSignIn(facts, person, session.id);
  const returnTo = await leaveResult(stores, act, signIn, { outcome: 'completed', signIn: completed });
  if (returnTo === undefined) return undefined;
  const secret = act.newSecret();
  if (facts.session?.id === session.id) await stores.sessions.update(act.tenantId, session, digestOf(secret));
  else {
    // The browser has one session: whoever was signed in before is signed out.
    if (facts.session) await stores.sessions.remove(act.tenantId, facts.session.id);
    const isShared = flow.session.sharedBy !== 'nobody';
    await stores.sessions.insert(act.tenantId, session, isShared ? digestOf(secret) : null);
  }
  const known = new Date(act.now.getTime() + browserMemory);
  await stores.knownBrowsers.remember(act.tenantId, person.userId, signIn.browserDigest, known);
  await remember(stores, act, facts, completed, browser, true);
  return { returnTo, session: { secret, keptUntil: session.isKept ? session.endsAt : null } };
}

/** Ends a sign-in without an answer about a person. Undefined when another request was faster. */
export async function refuseSignIn(
  stores: SignInWriting,
  act: SignInAct,
  signIn: SignIn,
  facts: Facts,
  reason: SignInRefusal,
  browser: Browser,
): Promise<Ended | undefined> {
  const returnTo = await leaveResult(stores, act, signIn, { outcome: 'refused', reason });
  if (returnTo === undefined) return undefined;
  await stores.signInEvents.append(act.tenantId, signInEvent(act, facts, browser, { failure: reason }));
  return { returnTo, session: undefined };
}

function completedSignIn({ flow, progress }: Facts, person: Person, sessionId: string): CompletedSignIn {
  const restricted = person.factors.find(({ federated }) => federated?.proxyRestriction);
  return {
    userId: person.userId,
    sessionId,
    authenticatedAt: authenticatedAt(person.factors),
    context: contextOf(person.factors),
    home: homeOf(person.factors),
    methods: methodReferences(person.factors),
    flow: flow.name || null,
    isNewUser: progress.isNewUser,
    granted: person.consent.granted,
    accepted: person.factors.flatMap(({ federated }) => federated?.claims ?? []),
    ...(restricted?.federated && { proxyRestriction: restricted.federated.proxyRestriction }),
  };
}

/** A new session for a new user; the same one, with what was proven besides, for the same user. */
function renewed(
  act: Act,
  { session, flow, progress, now }: Facts,
  { userId, factors }: Person,
  browser: Browser,
): Session {
  const isSame = session?.userId === userId;
  const merged = latestOfEach(isSame ? [...session.factors, ...factors] : factors);
  const endsAt = new Date(authenticatedAt(merged).getTime() + flow.session.absoluteSeconds * 1000);
  const begun: Session = {
    id: isSame ? session.id : act.newId(),
    userId,
    factors: merged,
    createdAt: isSame ? session.createdAt : now,
    lastUsedAt: now,
    validUntil: endsAt,
    endsAt,
    isKept: progress.staysSignedIn || (isSame && session.isKept),
    address: browser.address,
    userAgent: browser.userAgent,
  };
  return used(begun, flow.session.idleSeconds, now);
}

function latestOfEach(factors: readonly ProvenFactor[]): ProvenFactor[] {
  const latest = new Map<string, ProvenFactor>();
  for (const factor of factors.toSorted((a, b) => Number(a.at) - Number(b.at))) latest.set(factor.method, factor);
  return [...latest.values()];
}

function used(session: Session, idleSeconds: number, now: Date): Session {
  const idleUntil = now.getTime() + idleSeconds * 1000;
  return { ...session, lastUsedAt: now, validUntil: new Date(Math.min(idleUntil, session.endsAt.getTime())) };
}

async function leaveResult(
  stores: SignInWriting,
  act: SignInAct,
  signIn: SignIn,
  outcome: SignInOutcome,
): Promise<string | undefined> {
  const secret = act.newSecret();
  const { requested, answerWith } = signIn;
  const until = new Date(act.now.getTime() + resultLifetime);
  const isFirst = await stores.signIns.complete(
    act.tenantId,
    signIn,
    digestOf(secret),
    { requested, answerWith, outcome },
    until,
  );
  if (!isFirst) return undefined;
  const separator = answerWith.returnTo.includes('?') ? '&' : '?';
  return `${answerWith.returnTo}${separator}result=${secret}`;
}

async function remember(
  stores: SignInWriting,
  act: Act,
  facts: Facts,
  { sessionId, flow }: CompletedSignIn,
  browser: Browser,
  isInteractive: boolean,
): Promise<void> {
  // The account page is none of the applications that are told when a session ends.
  if (facts.flow.name !== accountFlow.name) {
    const { id: applicationId, issuer = null } = facts.requested.application;
    const application = { applicationId, flow, issuer, lastAt: act.now };
    await stores.sessions.addApplication(act.tenantId, sessionId, application);
  }
  await stores.signInEvents.append(act.tenantId, signInEvent(act, facts, browser, { sessionId, isInteractive }));
}
