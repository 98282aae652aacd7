import { claimTypes } from './claim.ts';
import type { CompiledRule } from './compile-rule.ts';
import { type RuleGroup, tryCompileRules } from './compile-rules.ts';
import { type Finding, finding } from './errors.ts';
import { printRule } from './print-rules.ts';
import { type CheckContext, madeTypes, ruleChecks } from './rule-checks.ts';

/** Finds what is wrong with rules. As long as there are errors that keep them from running, only those are told. */
export function checkRules(groups: readonly RuleGroup[], context: CheckContext): Finding[] {
  const { rules, errors } = tryCompileRules(groups);
  if (errors.length > 0) return errors;
  return [
    ...rules.flatMap(({ source, reference: { group } }) =>
      ruleChecks.flatMap((check) => check(source, context)).map((found) => ({ ...found, group })),
    ),
    ...checkDuplicates(rules),
    ...checkPermits(rules, context),
  ];
}

function checkDuplicates(rules: readonly CompiledRule[]): Finding[] {
  const firstByText = new Map<string, CompiledRule>();
  return rules.flatMap((rule) => {
    const { conditions, statement, at } = rule.source;
    const text = printRule({ comments: [], conditions, statement, at });
    const first = firstByText.get(text);
    if (!first) {
      firstByText.set(text, rule);
      return [];
    }
    const { group, number } = first.reference;
    const message = `The rule is the same as rule ${number} of group "${group}".`;
    return [{ ...finding('claims.duplicate_rule', message, at), group: rule.reference.group }];
  });
}

function checkPermits(rules: readonly CompiledRule[], { purpose }: CheckContext): Finding[] {
  if (purpose !== 'authorization' || rules.some(({ source }) => madeTypes(source).includes(claimTypes.permit)))
    return [];
  return [finding('claims.nobody_permitted', 'No rule issues the permit claim.')];
}
