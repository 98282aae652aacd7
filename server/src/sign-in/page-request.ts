import { type StepContext, type StepTools, signInNameOf } from '../user-flows/index.ts';
import type { SignInAct } from './begin-sign-in.ts';
import type { Browser } from './completed-sign-in.ts';
import { refuse } from './errors.ts';
import { type Facts, readFacts } from './facts.ts';
import { type NextStep, nextStep, secondFactorChoice } from './next-step.ts';
import { digestOf } from './secret.ts';
import type { SignIn } from './sign-in.ts';
import type { SignInWriting } from './store.ts';

/** The database, as much of it as the pages of a sign-in need. */
export interface SignInStorage {
  readonly read: SignInWriting;
  write<Result>(work: (stores: SignInWriting) => Promise<Result>): Promise<Result>;
}

/** One request for the pages of a sign-in. */
export interface PageRequest {
  act: SignInAct;
  signInId: string;
  browser: Browser;
  tools: StepTools;
  /** Languages of the browser, most wanted first. */
  languages: readonly string[];
  /** Called when it is proven that the request is for a sign-in of the tenant, before anything happens. May refuse it. */
  admit(): void;
}

/** Where a sign-in stands. */
export interface Position {
  signIn: SignIn;
  facts: Facts;
  next: NextStep;
}

/** @throws Refusal `sign-in.not_found` when it has ended, or another browser began it */
export async function findPosition(storage: SignInStorage, request: PageRequest): Promise<Position> {
  const { act, signInId, browser } = request;
  const signIn = await storage.read.signIns.find(act.tenantId, signInId);
  const isOurs = browser.secret !== null && signIn?.browserDigest === digestOf(browser.secret);
  if (!signIn || !isOurs || signIn.expiresAt <= act.now) throw refuse('sign-in.not_found');
  request.admit();
  const facts = await readFacts(storage.read, act.tenantId, signIn, browser, act.now);
  return { signIn, facts, next: nextStep(facts) };
}

/** 256 random bits in base64url, others after each time that the sign-in has changed. */
export function challengeOf({ progress, version }: SignIn): string {
  return digestOf(`${progress.challengeSeed} ${version}`);
}

/** What a step may know. */
export function stepContext(storage: SignInStorage, request: PageRequest, { signIn, facts }: Position): StepContext {
  const { requested, progress } = signIn;
  return {
    tenant: facts.tenant,
    flow: facts.flow,
    signInId: signIn.id,
    applicationId: requested.application.id,
    missingConsent: facts.person?.consent.missing ?? [],
    applicationName: requested.application.displayName,
    loginHint: progress.typedName ?? requested.loginHint ?? (facts.person ? signInNameOf(facts.person.user) : null),
    task: requested.task ?? null,
    progress,
    user: facts.person?.user,
    factors: facts.person?.factors ?? [],
    methods: facts.person?.methods ?? [],
    homes: facts.homes,
    choice: secondFactorChoice(facts),
    browserDigest: signIn.browserDigest,
    address: request.browser.address,
    origin: request.browser.origin,
    challenge: challengeOf(signIn),
    languages: [...requested.uiLocales, ...request.languages],
    now: facts.now,
    stores: storage.read,
    write: (work) => storage.write(work),
    tools: request.tools,
  };
}
