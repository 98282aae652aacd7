import type { CompiledCondition, CompiledRule, CompiledSelector } from './compile-rule.ts';
import type { Context } from './compiled-expression.ts';
import { finding, RuleError } from './errors.ts';
import { limits } from './limits.ts';
import type { DerivedClaim, WorkingSet } from './working-set.ts';

/** One combination of claims that fits all conditions of a rule. */
export interface Run {
  /** The claim that each `select` condition matched, by the place of the condition. */
  readonly bound: readonly DerivedClaim[];
  /** All claims because of which the rule runs: those, and the ones that EXISTS and COUNT found. */
  readonly from: readonly DerivedClaim[];
}

/**
 * Finds the runs of a rule: the Cartesian product of what its conditions match ("When to Use a Custom Claim Rule", first
 * example). `failedAt` is the place of the condition that could not be met, when there is no run. Throws
 * `claims.too_many_combinations` and `claims.too_much_work`.
 */
export function findRuns(
  { conditions }: CompiledRule,
  claims: WorkingSet,
  spend: Context['spend'],
): { runs: Run[]; failedAt?: number } {
  const runs: Run[] = [];
  const bound: DerivedClaim[] = [];
  const context: Context = { bound, spend };
  let furthest = 0;

  const search = (step: number, from: readonly DerivedClaim[]) => {
    const condition = conditions[step];
    if (!condition) {
      if (runs.length === limits.combinations) throw tooManyCombinations();
      runs.push({ bound: [...bound], from });
      return;
    }
    furthest = Math.max(furthest, step);
    const fitting = findFitting(condition, claims, context);
    if (!condition.holds) {
      for (const claim of fitting) {
        bound[condition.place] = claim;
        search(step + 1, [...from, claim]);
      }
    } else if (condition.holds(fitting.length)) {
      search(step + 1, [...from, ...fitting]);
    }
  };

  search(0, []);
  const failed = runs.length === 0 ? conditions[furthest] : undefined;
  return { runs, ...(failed && { failedAt: failed.place }) };
}

function findFitting({ selector, enough }: CompiledCondition, claims: WorkingSet, context: Context): DerivedClaim[] {
  const fitting: DerivedClaim[] = [];
  for (const candidate of listCandidates(selector, claims, context)) {
    context.spend(1);
    if (selector.remaining.every((test) => test.fits(candidate.claim, context))) fitting.push(candidate);
    if (fitting.length === enough) break;
  }
  return fitting;
}

function listCandidates({ type }: CompiledSelector, claims: WorkingSet, context: Context): readonly DerivedClaim[] {
  return type ? claims.ofType(type(context)) : claims.claims;
}

function tooManyCombinations(): RuleError {
  const message = `The conditions fit the claims in more than ${limits.combinations} ways.`;
  return new RuleError(finding('claims.too_many_combinations', message));
}
