import {
  type ConfirmedBy,
  mailAddressOf,
  type ProvenFactor,
  type SecondFactor,
  type SecondFactorChoice,
  type StepName,
} from '../user-flows/index.ts';
import { type AuthenticationContext, contextOf, isReached } from './authentication-context.ts';
import { isFirstFactor } from './choose-proof.ts';
import type { Facts, Person } from './facts.ts';

/** How old the first proof may be when a second factor is registered, in milliseconds: ten minutes. */
const freshness = 600_000;

/** What is to be done about the second factor: nothing, or a step; or it cannot be done. */
export type SecondFactorNeed =
  | { kind: 'none' }
  | { kind: 'step'; step: StepName; choice: SecondFactorChoice }
  /** The person must prove to be there again before something is registered in her name. */
  | { kind: 'proveAgain' }
  | { kind: 'impossible' };

/** Decides whether a second factor is asked, and which. */
export function secondFactorNeed(facts: Facts, person: Person): SecondFactorNeed {
  const { progress } = facts;
  const wanted = wantedProof(facts, person);
  if (wanted === 'impossible') return { kind: 'impossible' };
  if (isSatisfied(wanted, person)) return { kind: 'none' };

  const options = provable(wanted.by, person);
  const isProving = options.some((option) => option !== 'recoveryCode');
  const choice: SecondFactorChoice = isProving
    ? { purpose: 'prove', options }
    : { purpose: 'register', options: wanted.by.filter((method) => method !== 'email') };
  const [best] = choice.options;
  if (best === undefined) return { kind: 'impossible' };
  if (!isProving && !isFresh(facts, person)) return { kind: 'proveAgain' };

  const chosen = choice.options.find((option) => option === progress.secondFactor);
  const mustChoose = progress.choosesFactor || (!chosen && !isProving && choice.options.length > 1);
  const step = mustChoose ? 'chooseFactor' : stepsOf[choice.purpose][chosen ?? best];
  return step ? { kind: 'step', step, choice } : { kind: 'impossible' };
}

const stepsOf: Readonly<Record<SecondFactorChoice['purpose'], Readonly<Partial<Record<ConfirmedBy, StepName>>>>> = {
  prove: { totp: 'totp', email: 'emailCode', recoveryCode: 'recoveryCode' },
  register: { totp: 'registerTotp' },
};

/** A context to be reached, and second factors that count for it. */
interface WantedProof {
  context: AuthenticationContext;
  by: readonly SecondFactor[];
}

/** The strongest of what the request, the flow and the way of signing in ask for. */
function wantedProof({ flow, requested, progress, isKnownBrowser }: Facts, person: Person): WantedProof | 'impossible' {
  const { when, methods } = flow.secondFactor;
  const isPossible: Record<AuthenticationContext, boolean> = {
    singleFactor: true,
    multiFactor: methods.length > 0,
    phishingResistant: false,
  };
  const asked = requested.contexts.find((context) => isPossible[context]);
  if (asked === undefined && requested.contexts.length > 0 && requested.mustReachContext) return 'impossible';
  // A mailbox alone must not get past a second factor that the user has registered.
  if (progress.path === 'passwordReset' && provable(independent, person).length > 0) {
    return { context: 'multiFactor', by: independent };
  }
  const isRuled = when === 'always' || (when === 'conditional' && !isKnownBrowser);
  return { context: asked === 'multiFactor' || isRuled ? 'multiFactor' : 'singleFactor', by: methods };
}

/** Second factors that do not come by mail. */
const independent: readonly SecondFactor[] = ['totp'];

/** Whether what was proven is enough. */
function isSatisfied({ context, by }: WantedProof, { factors }: Person): boolean {
  if (context !== 'multiFactor') return isReached(context, contextOf(factors));
  if (contextOf(factors) === 'phishingResistant') return true;
  const [first] = factors.toSorted((a, b) => Number(isFirstFactor(b)) - Number(isFirstFactor(a)));
  const counted = new Set<string>([...by, 'recoveryCode']);
  return factors.some((factor) => factor !== first && counted.has(factor.method));
}

/** Ways in which the user can prove to be there besides what was proven already, best first. */
function provable(usable: readonly SecondFactor[], { user, factors, methods, recoveryCodes }: Person): ConfirmedBy[] {
  const isUsed = (method: string) => factors.some((factor) => factor.method === method);
  const has: Readonly<Record<SecondFactor, boolean>> = {
    totp: methods.some(({ kind }) => kind === 'totp'),
    email: mailAddressOf(user) !== null,
  };
  const own = usable.filter((method) => has[method] && !isUsed(method));
  // Recovery codes stand in for what can be lost.
  const standsIn = recoveryCodes > 0 && own.some((method) => method !== 'email');
  return standsIn ? [...own, 'recoveryCode'] : own;
}

/** Whether the person proved to be there a moment ago, with more than the cookie of a session. */
function isFresh({ now }: Facts, { factors }: Person): boolean {
  const isRecent = ({ at }: ProvenFactor) => now.getTime() - at.getTime() < freshness;
  return factors.some(isRecent);
}
