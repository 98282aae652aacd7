import { compileRules, RuleError, type RuleGroup as RuleText } from '@countersign/claims';

/** What keeps a rule set from running, with its place in the text; undefined: nothing. */
export function whyNotRunnable(rules: readonly RuleText[]): string | undefined {
  try {
    compileRules(rules);
    return undefined;
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    const [{ message, group, at }] = error.findings;
    const isOfMany = rules.length > 1 && group !== undefined;
    const places = [...(isOfMany ? [`group ${group}`] : []), ...(at ? [`line ${at.line}, column ${at.column}`] : [])];
    return places.length > 0 ? `${message} (${places.join(', ')})` : message;
  }
}
