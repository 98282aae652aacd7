import {
  type CheckContext,
  checkRules,
  type Finding,
  type FormEntry,
  formFromText,
  parseRules,
  RuleError,
  textFromForm,
} from '@countersign/claims';
import { refuse } from './errors.ts';

/** Rules as text and as the rows of a form. */
interface RuleForm {
  text: string;
  /** One for each rule, in order; comments behind the last rule come as a text at the end. */
  entries: readonly FormEntry[];
  /** Numbers, from 1, of the rules that say more than a row can. */
  rulesWithoutRow: readonly number[];
  /** What is wrong with the rules, or doubtful. */
  findings: readonly Finding[];
}

/**
 * Shows rules both ways, whichever of them is given.
 * @throws Refusal `rule-groups.not_in_the_language` for texts that are not, and rows that cannot be written in it
 */
export function ruleFormOf(
  given: { text: string } | { entries: readonly FormEntry[] },
  context: CheckContext,
): RuleForm {
  try {
    const text = 'text' in given ? given.text : textFromForm(given.entries);
    const entries = formFromText(text);
    const { rules } = parseRules(text);
    return {
      text,
      entries,
      rulesWithoutRow: rules.flatMap((_, place) => (entries[place]?.kind === 'text' ? [place + 1] : [])),
      findings: checkRules([{ name: context.purpose, text }], context),
    };
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    throw refuse('rule-groups.not_in_the_language', { problem: error.message }, error);
  }
}
