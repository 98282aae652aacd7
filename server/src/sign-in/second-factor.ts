import {
  type ConfirmedBy,
  mailAddressOf,
  type ProvenFactor,
  passkeysAt,
  relyingParty,
  type SecondFactor,
  type SecondFactorChoice,
  type StepName,
} from '../user-flows/index.ts';
import { type AuthenticationContext, contextOf, isReached } from './authentication-context.ts';
import { authenticationOf, isDated, isFirstFactor } from './choose-proof.ts';
import type { Facts, Person } from './facts.ts';
import { asksProofOfNow } from './requested-sign-in.ts';

/** How old the first proof may be when a second factor is registered, in milliseconds: ten minutes. */
const freshness = 600_000;

/** What is to be done about the second factor: nothing, or a step; or it cannot be done. */
export type SecondFactorNeed =
  | { kind: 'none' }
  | { kind: 'step'; step: StepName; choice: SecondFactorChoice }
  /** The person must prove to be there again before something is registered in her name. */
  | { kind: 'proveAgain' }
  /** It is not known when the person was there, and there is nothing by which she could prove it here. */
  | { kind: 'undated' }
  | { kind: 'impossible' };

/** Decides whether a second factor is asked, and which. */
export function secondFactorNeed(facts: Facts, person: Person): SecondFactorNeed {
  if (isSensitive(facts)) {
    // bad-inputs 24: an open session is not enough to change how somebody signs in.
    if (!isFresh(facts, person)) return { kind: 'proveAgain' };
    const guards = hasProvenFactor(person) ? [] : provableBy(independent, facts, person);
    return guards.length > 0 ? chosen(facts, { purpose: 'prove', options: guards }) : { kind: 'none' };
  }
  // A provider that does not say when the person was there leaves it to us to ask for a proof of this moment.
  if (asksProofOfNow(facts.requested) && !person.isFromSession && !person.factors.some(isDated)) {
    const guards = provableBy(independent, facts, person);
    return guards.length > 0 ? chosen(facts, { purpose: 'prove', options: guards }) : { kind: 'undated' };
  }
  const wanted = wantedProof(facts, person);
  if (wanted === 'impossible') return { kind: 'impossible' };
  if (isSatisfied(wanted, person)) return { kind: 'none' };

  const provable = provableBy(wanted.by, facts, person);
  if (provable.some((option) => option !== 'recoveryCode'))
    return chosen(facts, { purpose: 'prove', options: provable });
  // Whoever has a factor already proves it before another one is registered.
  const guards = hasProvenFactor(person) ? [] : provableBy(independent, facts, person);
  if (guards.length > 0) return chosen(facts, { purpose: 'prove', options: guards });
  const registrable = wanted.by.filter((method) => method !== 'email' && isPossibleAt(facts.origin, method));
  if (registrable.length === 0) return { kind: 'impossible' };
  if (!isFresh(facts, person)) return { kind: 'proveAgain' };
  return chosen(facts, { purpose: 'register', options: registrable });
}

/** The step of the factor that the person has chosen, or of the best one. Which one to register is always the person's choice. */
function chosen({ progress }: Facts, choice: SecondFactorChoice): SecondFactorNeed {
  const { purpose, options } = choice;
  const wanted = options.find((option) => option === progress.secondFactor);
  const mustChoose = progress.choosesFactor || (!wanted && purpose === 'register' && options.length > 1);
  const [best] = options;
  const step = mustChoose ? 'chooseFactor' : best && stepsOf[purpose][wanted ?? best];
  return step ? { kind: 'step', step, choice } : { kind: 'impossible' };
}

const stepsOf: Readonly<Record<SecondFactorChoice['purpose'], Readonly<Partial<Record<ConfirmedBy, StepName>>>>> = {
  prove: { passkey: 'passkey', totp: 'totp', sms: 'smsCode', email: 'emailCode', recoveryCode: 'recoveryCode' },
  register: { passkey: 'registerPasskey', totp: 'registerTotp', sms: 'registerPhone' },
};

/** A context to be reached, and second factors that count for it. */
interface WantedProof {
  context: AuthenticationContext;
  by: readonly SecondFactor[];
}

/** The strongest of what the request, the flow and the way of signing in ask for. */
function wantedProof(facts: Facts, person: Person): WantedProof | 'impossible' {
  const { flow, requested, progress, isKnownBrowser, origin } = facts;
  const { when, methods } = flow.secondFactor;
  const takesPasskeys = (flow.offersPasskeys || methods.includes('passkey')) && isPossibleAt(origin, 'passkey');
  const isPossible: Record<AuthenticationContext, boolean> = {
    singleFactor: true,
    multiFactor: methods.length > 0,
    phishingResistant: takesPasskeys,
  };
  const asked = requested.contexts.find((context) => isPossible[context]);
  if (asked === undefined && requested.contexts.length > 0 && requested.mustReachContext) return 'impossible';
  // A mailbox alone must not get past a second factor that the user has registered.
  if (progress.path === 'passwordReset' && provableBy(independent, facts, person).length > 0) {
    return { context: 'multiFactor', by: independent };
  }
  if (asked === 'phishingResistant') return { context: asked, by: ['passkey'] };
  const isRuled = when === 'always' || (when === 'conditional' && !isKnownBrowser);
  return { context: asked === 'multiFactor' || isRuled ? 'multiFactor' : 'singleFactor', by: methods };
}

/** Second factors that do not come by mail. */
const independent: readonly SecondFactor[] = ['passkey', 'totp', 'sms'];

/** Whether one of them, or what stands in for it, was proven. */
function hasProvenFactor({ factors }: Person): boolean {
  return factors.some(({ method }) => method === 'recoveryCode' || independent.some((own) => own === method));
}

/** There are no passkeys at an IP address. */
function isPossibleAt(origin: string, method: SecondFactor): boolean {
  return method !== 'passkey' || relyingParty(origin) !== undefined;
}

/** Whether what was proven is enough. */
function isSatisfied({ context, by }: WantedProof, { factors }: Person): boolean {
  if (context !== 'multiFactor') return isReached(context, contextOf(factors));
  if (contextOf(factors) === 'phishingResistant') return true;
  // Its context is that of the provider's word, where that is believed.
  if (factors.some(({ federated }) => federated?.context === 'multiFactor')) return true;
  const [first] = factors.toSorted((a, b) => Number(isFirstFactor(b)) - Number(isFirstFactor(a)));
  const counted = new Set<string>([...by, 'recoveryCode']);
  return factors.some((factor) => factor !== first && counted.has(factor.method));
}

/** Ways in which the user can prove to be there besides what was proven already, best first. */
function provableBy(
  usable: readonly SecondFactor[],
  { origin }: Facts,
  { user, factors, methods, recoveryCodes }: Person,
): ConfirmedBy[] {
  const isUsed = (method: string) => factors.some((factor) => factor.method === method);
  const has: Readonly<Record<SecondFactor, boolean>> = {
    passkey: passkeysAt(origin, methods).length > 0,
    totp: methods.some(({ kind }) => kind === 'totp'),
    sms: methods.some(({ kind }) => kind === 'phone'),
    email: mailAddressOf(user) !== null,
  };
  const own = usable.filter((method) => has[method] && !isUsed(method));
  // Recovery codes stand in for what can be lost.
  const standsIn = recoveryCodes > 0 && own.some((method) => method !== 'email');
  return standsIn ? [...own, 'recoveryCode'] : own;
}

/** Whether the person is about to change how she signs in. */
function isSensitive({ requested: { task }, progress }: Facts): boolean {
  if (progress.arrival?.wish === 'link') return true;
  return task !== undefined && task.step !== 'profile' && !progress.isTaskDone;
}

/** Whether the person proved to be there a moment ago, with more than the cookie of a session. */
function isFresh({ now }: Facts, { factors }: Person): boolean {
  const isRecent = (factor: ProvenFactor) => now.getTime() - authenticationOf(factor).getTime() < freshness;
  return factors.some(isRecent);
}
