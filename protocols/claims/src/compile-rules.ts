import { type CompiledRule, compileRule } from './compile-rule.ts';
import { type Finding, finding, RuleError } from './errors.ts';
import { limits } from './limits.ts';
import { parseRules } from './parse-rules.ts';
import { createPatternCompiler } from './regular-expression.ts';

/** Rules that are kept and shared together, in order. */
export interface RuleGroup {
  readonly name: string;
  readonly text: string;
}

/** Rules ready to run: those of one or more groups, in order. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[];
}

/** Parses and compiles rule groups into one rule set. Throws `RuleError` with every error that was found. */
export function compileRules(groups: readonly RuleGroup[]): RuleSet {
  const { rules, errors } = tryCompileRules(groups);
  const [first, ...others] = errors;
  if (first) throw new RuleError(first, others);
  return { rules };
}

/** Compiles what can be compiled. Finds one error at most in each rule, and in each text that is not in the language. */
export function tryCompileRules(groups: readonly RuleGroup[]): { rules: CompiledRule[]; errors: Finding[] } {
  const rules: CompiledRule[] = [];
  const errors: Finding[] = [];
  const compilePattern = createPatternCompiler();
  for (const { name: group, text } of groups) {
    const attempt = (step: () => void) => {
      try {
        step();
      } catch (error) {
        if (!(error instanceof RuleError)) throw error;
        errors.push(...error.findings.map((found) => ({ ...found, group })));
      }
    };
    attempt(() => {
      for (const [place, source] of parseRules(text).rules.entries()) {
        const name = source.name !== undefined && { name: source.name };
        attempt(() => rules.push(compileRule(source, { group, number: place + 1, ...name }, compilePattern)));
      }
    });
  }
  if (rules.length > limits.rules) {
    errors.push(finding('claims.too_many_rules', `There are ${rules.length} rules; at most ${limits.rules} may be.`));
  }
  return { rules, errors };
}
