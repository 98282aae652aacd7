import type { UpstreamProvider } from '../upstream-providers/index.ts';
import { mayConsent, type SecondFactorChoice, type StepName } from '../user-flows/index.ts';
import { isDated } from './choose-proof.ts';
import type { SignInRefusal } from './completed-sign-in.ts';
import type { Facts } from './facts.ts';
import { decideHome } from './home-realm.ts';
import { asksProofOfNow } from './requested-sign-in.ts';
import { type SecondFactorNeed, secondFactorNeed } from './second-factor.ts';

/** Where a sign-in goes from here. */
export type NextStep =
  | { kind: 'step'; step: StepName }
  /** The person signs in at an identity provider: to prove who it is, or for an identity that the account gets. */
  | { kind: 'upstream'; provider: UpstreamProvider; purpose: 'prove' | 'link' }
  | { kind: 'refused'; reason: SignInRefusal }
  | { kind: 'completed' };

/**
 * The one place that decides what comes next, from the stored state alone: the first row that is due. Steps know nothing
 * of each other, and no address leads past a row.
 *
 * ```
 * gave up? -> whose account? -> who is it? (newcomer | sign up | reset | home -> provider | password) -> second factor ->
 * still to do for this user
 * ```
 */
export function nextStep(facts: Facts): NextStep {
  const reason = refusals.find(([, isSo]) => isSo(facts))?.[0];
  if (reason) return { kind: 'refused', reason };
  const step = order.find(([, isDue]) => isDue(facts))?.[0];
  if (step === undefined) return { kind: 'completed' };
  if (step === 'upstream') return goUpstream(facts);
  if (step === 'secondFactor') return { kind: 'step', step: secondFactorStep(facts) };
  return step === 'task' ? taskStep(facts) : { kind: 'step', step };
}

const refusals: readonly (readonly [SignInRefusal, (facts: Facts) => boolean])[] = [
  ['access_denied', ({ progress }) => progress.isCancelled],
  // OIDC Core 3.1.2.2: another user than the one of the hint must not answer.
  [
    'login_required',
    ({ person, requested }) => requested.userId !== null && person !== undefined && person.userId !== requested.userId,
  ],
  // OIDC Core 3.1.2.1: whoever cannot be authenticated anew as it was asked for is not taken for signed in.
  ['login_required', (facts) => need(facts).kind === 'undated' || isUndatedNewcomer(facts)],
  ['unmet_authentication_requirements', (facts) => need(facts).kind === 'impossible'],
  ['consent_required', lacksAdministratorsConsent],
];

const order: readonly (readonly [StepName | 'upstream' | 'secondFactor' | 'task', (facts: Facts) => boolean])[] = [
  ['account', mustChooseAccount],
  ['offerLink', (facts) => facts.person === undefined && wishOf(facts) === null],
  ['newcomer', (facts) => facts.person === undefined && wishOf(facts) === 'create'],
  ['verifyEmail', mustVerifyEmail],
  ['signUp', signsUpHere],
  ['home', (facts) => facts.person === undefined && decideHome(facts).kind === 'choose'],
  ['upstream', (facts) => mustProve(facts) && decideHome(facts).kind === 'provider'],
  ['password', mustProve],
  ['secondFactor', (facts) => need(facts).kind === 'step'],
  ['recoveryCodes', ({ progress }) => progress.hasNewRecoveryCodes],
  ['newPassword', mustSetPassword],
  ['terms', ({ person }) => person?.hasAcceptedTerms === false],
  ['linkIdentity', (facts) => wishOf(facts) === 'link'],
  ['task', ({ requested, progress }) => requested.task !== undefined && !progress.isTaskDone],
  ['profile', ({ flow, progress }) => flow.type === 'profileEditing' && !progress.isProfileSaved],
  ['consent', mustConsent],
];

/** Somebody new came from a provider that does not say when the person was there, which had to be known. */
function isUndatedNewcomer({ person, progress: { arrival }, requested }: Facts): boolean {
  return !person && arrival?.wish === 'create' && !isDated(arrival.factor) && asksProofOfNow(requested);
}

/** Nobody is there, or somebody who must prove it again. */
function mustProve(facts: Facts): boolean {
  return facts.person === undefined || need(facts).kind === 'proveAgain';
}

function goUpstream(facts: Facts): NextStep {
  const home = decideHome(facts);
  if (home.kind !== 'provider') throw new Error('Nobody is at home at a provider.');
  return { kind: 'upstream', provider: home.provider, purpose: 'prove' };
}

/** What whoever came from a provider wants there; undefined when nobody came. */
function wishOf({ progress: { arrival } }: Facts) {
  return arrival?.wish;
}

/** The step for which the person came from the account page. */
function taskStep({ requested: { task }, progress: { linksWith }, homes }: Facts): NextStep {
  if (!task) throw new Error('No task is asked.');
  const provider = homes.providers.find(({ id }) => id === linksWith);
  return provider ? { kind: 'upstream', provider, purpose: 'link' } : { kind: 'step', step: task.step };
}

/** What is to be done about the second factor, once it is known whose. */
function need(facts: Facts): SecondFactorNeed {
  return facts.person ? secondFactorNeed(facts, facts.person) : { kind: 'none' };
}

/** Which of the second factors' steps it is. */
function secondFactorStep(facts: Facts): StepName {
  const due = need(facts);
  if (due.kind !== 'step') throw new Error('No second factor is asked.');
  return due.step;
}

/** The second factors among which the person can choose now. */
export function secondFactorChoice(facts: Facts): SecondFactorChoice {
  const due = need(facts);
  return due.kind === 'step' ? due.choice : { purpose: 'prove', options: [] };
}

/** OIDC Core 3.1.2.1: `select_account` asks although a session would do; without a session there is nothing to choose. */
function mustChooseAccount({ requested, progress, person }: Facts): boolean {
  return requested.prompts.includes('select_account') && progress.account === null && person?.isFromSession === true;
}

/** Whoever resets the password has no other proof yet; whoever signs up with an address must own it. */
function mustVerifyEmail(facts: Facts): boolean {
  const { person, progress, flow } = facts;
  if (person || progress.email?.isVerified) return false;
  return progress.path === 'passwordReset' || (signsUpHere(facts) && flow.accountNames.includes('emailAddress'));
}

/** Somebody wants a new account of the tenant itself. */
function signsUpHere(facts: Facts): boolean {
  const { person, progress } = facts;
  return person === undefined && progress.path === 'signUp' && decideHome(facts).kind === 'local';
}

function mustSetPassword({ person, progress }: Facts): boolean {
  return !progress.hasNewPassword && (progress.path === 'passwordReset' || person?.mustChangePassword === true);
}

/** OIDC Core 3.1.2.1: `consent` asks although everything was consented to before. */
function mustConsent({ person, requested, progress, flow }: Facts): boolean {
  if (!person || progress.hasConsented) return false;
  const isAsked = requested.prompts.includes('consent') && flow.allowsConsent;
  return isAsked || person.consent.missing.length > 0;
}

/** The user cannot give what is missing. */
function lacksAdministratorsConsent({ person, flow, tenant }: Facts): boolean {
  if (!person || person.consent.missing.length === 0) return false;
  return !flow.allowsConsent || !mayConsent(tenant, person.consent.missing);
}
