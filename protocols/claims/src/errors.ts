import type { Position } from './syntax-tree.ts';

/** Whether the rules can be used (`warning`) or not (`error`). */
export type Severity = 'error' | 'warning';

interface Kind {
  readonly severity: Severity;
  readonly meaning: string;
  readonly advice: string;
}

const error = (meaning: string, advice: string) => ({ severity: 'error', meaning, advice }) as const satisfies Kind;
const warning = (meaning: string, advice: string) => ({ severity: 'warning', meaning, advice }) as const satisfies Kind;

/** Everything that this package can say against rules and claims. A code is never given another meaning. */
export const findingKinds = {
  'claims.syntax': error(
    'The text is not in the rule language.',
    'Compare with: c:[Type == "..."] => issue(claim = c);',
  ),
  'claims.text_too_long': error('The text of a rule group is too long.', 'Split it into several rule groups.'),
  'claims.too_many_rules': error('A rule set has too many rules.', 'Join rules that differ in a value only by =~.'),
  'claims.too_many_conditions': error(
    'A rule has too many conditions, or a condition too many tests.',
    'Split the rule: let the first part add a claim which the second part looks for.',
  ),
  'claims.too_deep': error('Functions are nested too deeply.', 'Let an earlier rule add the inner result as a claim.'),
  'claims.unknown_variable': error(
    'A variable is read that no earlier condition of the rule binds.',
    'Bind it by a condition such as c:[Type == "..."] before the place where it is read.',
  ),
  'claims.duplicate_variable': error('Two conditions of a rule bind the same variable.', 'Give each its own name.'),
  'claims.unknown_function': error('There is no such function.', 'Use one of the functions of the language.'),
  'claims.argument_count': error('A function is called with too few or too many arguments.', 'Correct the call.'),
  'claims.pattern_not_constant': error(
    'A regular expression depends on a claim.',
    'Write it as text in the rule: whoever states a claim must not choose what is matched.',
  ),
  'claims.pattern_unsupported': error(
    'A regular expression uses a construct that cannot run in linear time, or means something else here.',
    'Write the expression without it.',
  ),
  'claims.pattern_invalid': error('A regular expression is malformed.', 'Correct the regular expression.'),
  'claims.pattern_too_large': error('A regular expression is too large.', 'Shorten it, or lower the counts in braces.'),
  'claims.no_type': error('A new claim has no Type.', 'Add Type = "...".'),
  'claims.duplicate_assignment': error('A part of the new claim is given twice.', 'Remove one of the two.'),
  'claims.unknown_placeholder': error(
    'A query has a placeholder without a parameter.',
    'Add param = ... for each of {0}, {1} and so on.',
  ),
  'claims.unknown_store': error('There is no attribute store of this name.', 'Use the name of a store that exists.'),
  'claims.query_columns': error(
    'A directory query does not ask for one attribute for each claim type.',
    'Write the query as "filter;attribute,attribute;{0}" with as many attributes as there are types.',
  ),
  'claims.too_many_claims': error('There are too many claims.', 'Let the rules, or the provider, send fewer claims.'),
  'claims.too_many_combinations': error(
    'The conditions of a rule fit the claims in too many ways.',
    'Use EXISTS for a condition whose claim is not read, or narrow the conditions.',
  ),
  'claims.part_too_long': error('A part of a claim is too long.', 'Leave the claim out, or shorten it at its source.'),
  'claims.too_much_work': error(
    'Evaluating the rules takes too much work for these claims.',
    'Test Type with == in each condition, and use fewer regular expressions.',
  ),
  'claims.no_attribute_stores': error(
    'A rule asks an attribute store where there is none.',
    'Move the rule to a rule set that is evaluated with the directory.',
  ),
  'claims.not_expressible': error(
    'A text has a character that the rule language cannot write between double quotes.',
    'Use single quotation marks, and no line breaks.',
  ),
  'claims.never_matches': warning('A condition can never hold.', 'Remove the rule, or correct the condition.'),
  'claims.always_holds': warning('A condition always holds.', 'Remove the condition, or correct it.'),
  'claims.duplicate_rule': warning('The same rule stands earlier in the rule set.', 'Remove it: it changes nothing.'),
  'claims.no_effect': warning('Adding a claim that is there already changes nothing.', 'Write issue instead of add.'),
  'claims.empty_value': warning('A claim without a value is never issued.', 'Add Value = ... with a value.'),
  'claims.speaks_for_other': warning(
    'A rule names another issuer as the source of its claim.',
    'Leave Issuer and OriginalIssuer out, or take them from the claim that the condition matched.',
  ),
  'claims.any_issuer': warning(
    'A rule grants a role, a group or access because of a claim, whoever stated that claim.',
    'Test Issuer in the condition too, unless the acceptance rules of every provider filter this claim.',
  ),
  'claims.passes_everything': warning(
    'A rule passes every claim through, whatever its type.',
    'Name the types that are to pass by Type == "...".',
  ),
  'claims.nobody_permitted': warning(
    'No rule issues the permit claim, so nobody is let in.',
    'Add: => issue(Type = "http://schemas.microsoft.com/authorization/claims/permit", Value = "true");',
  ),
} as const satisfies Record<string, Kind>;

/** Stable name of what is wrong. */
export type FindingCode = keyof typeof findingKinds;

/** One thing that is wrong with rules or claims: what, where, and what to do about it. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly message: string;
  readonly advice: string;
  /** Where in the text of the group; absent where the finding is about no single place. */
  readonly at?: Position;
  /** Name of the rule group. */
  readonly group?: string;
}

/** Makes a finding of a kind; `advice` replaces the general advice where better is known. */
export function finding(code: FindingCode, message: string, at?: Position, advice?: string): Finding {
  const { severity, advice: general } = findingKinds[code];
  return { code, severity, message, advice: advice ?? general, ...(at && { at }) };
}

/** Rules that cannot be used, or claims that cannot be processed. The message is that of the first finding. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly findings: readonly [Finding, ...Finding[]];
  readonly code: FindingCode;

  constructor(first: Finding, others: readonly Finding[] = []) {
    super(describe(first));
    this.findings = [first, ...others];
    this.code = first.code;
  }

  /** The same error, with a place for those findings that know none. */
  placed(at: Position, group?: string): RuleError {
    const place = (known: Finding): Finding => ({ at, ...(group !== undefined && { group }), ...known });
    const [first, ...others] = this.findings;
    return new RuleError(place(first), others.map(place));
  }
}

/** Runs a step, and says of a `RuleError` that it throws where in the text it arose, unless the error knows it. */
export function locate<Result>(at: Position, step: () => Result, group?: string): Result {
  try {
    return step();
  } catch (error) {
    throw error instanceof RuleError ? error.placed(at, group) : error;
  }
}

function describe({ message, advice, at, group }: Finding): string {
  const place = [group && `group "${group}"`, at && `line ${at.line}, column ${at.column}`].filter(Boolean).join(', ');
  return `${place && `${place}: `}${message} ${advice}`;
}
