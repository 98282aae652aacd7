import { type Claim, localAuthority } from './claim.ts';
import type { CompiledCondition, CompiledRule, RuleReference } from './compile-rule.ts';
import type { Context } from './compiled-expression.ts';
import { itemAt } from './compiled-expression.ts';
import type { Evaluation, RuleOutcome } from './evaluate-rules.ts';
import { printCondition, printRule, printTest } from './print-rules.ts';
import type { Derivation, DerivedClaim } from './working-set.ts';

/** The whole derivation of a token's claims, as data that can be kept and shown. */
export interface Explanation {
  /** Every claim that came in or was made, in order. */
  readonly claims: readonly ClaimExplanation[];
  readonly rules: readonly RuleExplanation[];
}

export interface ClaimExplanation {
  readonly claim: Claim;
  readonly isIssued: boolean;
  /** Whose statements the claim goes back to. */
  readonly firstStatedBy: readonly string[];
  /** The rules that made or passed it; none for a claim that came in and was left alone. */
  readonly derivations: readonly { rule: RuleReference; how: Derivation['how']; from: readonly number[] }[];
}

export interface RuleExplanation {
  readonly rule: RuleReference;
  readonly text: string;
  readonly runs: number;
  /** Places in `claims` of what the rule made or passed. */
  readonly made: readonly number[];
  /** In words: what came of the rule, or which condition was not met and why. */
  readonly reason: string;
}

/** Tells where each claim of an evaluation comes from, and why each rule ran or did not. */
export function explain({ claims, outcomes }: Evaluation): Explanation {
  const sources = traceSources(claims, outcomes);
  return {
    claims: claims.map(({ claim, isIssued, derivations, place }) => ({
      claim,
      isIssued,
      firstStatedBy: [...itemAt(sources, place)],
      derivations: derivations.map(({ rule, how, from }) => ({ rule, how, from: listPlaces(from) })),
    })),
    rules: outcomes.map((outcome) => ({
      rule: outcome.rule.reference,
      text: printRule(outcome.rule.source),
      runs: outcome.runs,
      made: listPlaces(outcome.made),
      reason: findReason(outcome, claims),
    })),
  };
}

function listPlaces(derived: readonly DerivedClaim[]): number[] {
  return [...new Set(derived.map(({ place }) => place))];
}

/**
 * Finds for each claim, by its place, whose statements it goes back to: follows the rules in their order, so that this is
 * known of what a rule ran for when it is the rule's turn.
 */
function traceSources(
  claims: readonly DerivedClaim[],
  outcomes: readonly RuleOutcome[],
): readonly ReadonlySet<string>[] {
  const inputs = outcomes[0]?.seen ?? claims.length;
  const sources = claims.map(({ claim }, place) => new Set(place < inputs ? [claim.originalIssuer] : []));
  for (const { rule, made } of outcomes) {
    for (const { place, derivations } of new Set(made)) {
      const known = itemAt(sources, place);
      for (const { from } of derivations.filter((derivation) => derivation.rule === rule.reference)) {
        for (const source of findSources(rule, from, sources)) known.add(source);
      }
    }
  }
  return sources;
}

function findSources(
  { statement }: CompiledRule,
  from: readonly DerivedClaim[],
  sources: readonly ReadonlySet<string>[],
) {
  if (statement.kind === 'query') return [`attribute store ${statement.store}`];
  if (from.length === 0) return [localAuthority];
  return from.flatMap(({ place }) => [...itemAt(sources, place)]);
}

function findReason(outcome: RuleOutcome, claims: readonly DerivedClaim[]): string {
  const { rule, runs, made, empty, seen, failedAt } = outcome;
  const failed = rule.conditions.find(({ place }) => place === failedAt);
  if (failed) return `${printCondition(failed.source)} is not met: ${whyNotMet(failed, claims.slice(0, seen))}.`;
  const leftOut = empty > 0 ? `; ${count(empty, 'claim')} without a value left out` : '';
  return `Ran ${count(runs, 'time')}, gave ${count(made.length, 'claim')}${leftOut}.`;
}

/**
 * Tells how many claims each test of a condition left. A test that reads claims matched by other conditions depends on
 * the combination, and is only named.
 */
function whyNotMet({ selector }: CompiledCondition, seen: readonly DerivedClaim[]): string {
  const context: Context = { bound: [], spend: () => {} };
  const steps = [`there were ${count(seen.length, 'claim')}`];
  let fitting = seen;
  for (const test of selector.tests.filter(({ readsOthers }) => !readsOthers)) {
    fitting = fitting.filter(({ claim }) => test.fits(claim, context));
    steps.push(`${fitting.length} with ${printTest(test.source)}`);
  }
  const dependent = selector.tests.filter(({ readsOthers }) => readsOthers).map(({ source }) => printTest(source));
  const rest = dependent.length > 0 ? `, compared with other claims by ${dependent.join(', ')}` : '';
  return steps.join(', of these ') + rest;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
