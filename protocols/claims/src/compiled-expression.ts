import type { Claim } from './claim.ts';

/** What is at hand while the rules run. */
export interface Context {
  /** The claims that the conditions of the rule have matched so far, by the place of the condition. */
  readonly bound: readonly { readonly claim: Claim }[];
  /** Takes work from the allowance of the evaluation. Throws `claims.too_much_work` when it is used up. */
  spend(work: number): void;
}

export type ReadText = (context: Context) => string;

/** An expression ready to run. */
export interface CompiledExpression {
  readonly read: ReadText;
  /** The text that it always gives, if it depends on no claim. */
  readonly constant?: string;
}

/** The item at a place which is known to be there: for variables, `Scope` has made sure that they are bound. */
export function itemAt<Item>(items: readonly Item[], place: number): Item {
  return items[place] as Item;
}
