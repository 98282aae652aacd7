import { claimTypes, localAuthority } from './claim.ts';
import { whenHolds } from './compile-rule.ts';
import { splitDirectoryQuery } from './directory-query.ts';
import { type Finding, type FindingCode, finding } from './errors.ts';
import { printCondition, printProperty } from './print-rules.ts';
import { compilePattern } from './regular-expression.ts';
import type { Condition, Expression, Position, Rule, Selector, Test } from './syntax-tree.ts';

/**
 * What a rule set is for: taking over what a provider states, making the claims of an application's token, or deciding
 * who may have a token at all.
 */
export type Purpose = 'acceptance' | 'issuance' | 'authorization';

/** What a check needs to know besides the rules. */
export interface CheckContext {
  readonly purpose: Purpose;
  /** The attribute stores there are, by name in lower case; queries to a directory have the form `filter;attributes;account`. */
  readonly stores: ReadonlyMap<string, { readonly isDirectory: boolean }>;
}

type RuleCheck = (rule: Rule, context: CheckContext) => Finding[];

/** What is looked for in each rule that compiles. */
export const ruleChecks: readonly RuleCheck[] = [
  checkConditions,
  checkStore,
  checkAddedCopy,
  checkEmptyValue,
  checkStatedIssuer,
  checkTestedIssuer,
  checkPassedTypes,
];

function findingIf(isFound: boolean, code: FindingCode, message: string, at: Position): Finding[] {
  return isFound ? [finding(code, message, at)] : [];
}

function checkConditions({ conditions }: Rule): Finding[] {
  return conditions.flatMap((condition) => {
    const { at } = condition.selector;
    const text = printCondition(condition);
    const holds = whenHolds(condition) ?? ((found) => found > 0);
    const outcomes = possibleCounts(condition).map(holds);
    return [
      ...findingIf(!outcomes.includes(true), 'claims.never_matches', `${text} can never hold.`, at),
      ...findingIf(!outcomes.includes(false), 'claims.always_holds', `${text} always holds.`, at),
    ];
  });
}

/** Numbers of fitting claims that are enough to tell whether a condition can hold and can fail. */
function possibleCounts(condition: Condition): number[] {
  if (isContradictory(condition.selector)) return [0];
  const count = condition.kind === 'count' ? condition.count : 1;
  return [0, 1, count - 1, count, count + 1].filter((found) => found >= 0);
}

/** Whether no claim can fit, because one test demands a text that another refuses. */
function isContradictory({ tests }: Selector): boolean {
  const demanded = new Map<string, string>();
  for (const { property, operator, expression } of tests) {
    if (operator === '==' && expression.kind === 'text') demanded.set(printProperty(property), expression.text);
  }
  return tests.some((test) => {
    const text = demanded.get(printProperty(test.property));
    return text !== undefined && !mayFit(test, text);
  });
}

function mayFit({ operator, expression }: Test, text: string): boolean {
  if (expression.kind !== 'text') return true;
  switch (operator) {
    case '==':
      return text === expression.text;
    case '!=':
      return text !== expression.text;
    case '=~':
      return compilePattern(expression.text).isIn(text);
    case '!~':
      return !compilePattern(expression.text).isIn(text);
  }
}

function checkStore({ statement }: Rule, { stores }: CheckContext): Finding[] {
  if (statement.kind !== 'query') return [];
  const { store, types, query, at } = statement;
  const known = stores.get(store.toLowerCase());
  const isMalformed = known?.isDirectory === true && !splitDirectoryQuery(query, types);
  const columns = `The query ${JSON.stringify(query)} does not ask for one attribute for each of ${types.length} types.`;
  return [
    ...findingIf(!known, 'claims.unknown_store', `There is no attribute store ${JSON.stringify(store)}.`, at),
    ...findingIf(isMalformed, 'claims.query_columns', columns, at),
  ];
}

function checkAddedCopy({ statement: { verb, kind, at } }: Rule): Finding[] {
  // "The Role of the Claim Rule Language", claim issuance actions: a copy that is added has no effect.
  return findingIf(verb === 'add' && kind === 'copy', 'claims.no_effect', 'The claim that is added is there.', at);
}

function checkEmptyValue({ statement }: Rule): Finding[] {
  if (statement.kind !== 'new') return [];
  const value = statement.assignments.find(({ property }) => property.name === 'Value')?.expression;
  const isEmpty = !value || (value.kind === 'text' && value.text === '');
  return findingIf(isEmpty, 'claims.empty_value', 'The new claim has no value.', statement.at);
}

function checkStatedIssuer({ statement }: Rule): Finding[] {
  if (statement.kind !== 'new') return [];
  return statement.assignments.flatMap(({ property: { name }, expression, at }) => {
    const isForeign = (name === 'Issuer' || name === 'OriginalIssuer') && !isHonestIssuer(expression);
    return findingIf(isForeign, 'claims.speaks_for_other', `The rule chooses the ${name} of its claim itself.`, at);
  });
}

function isHonestIssuer(expression: Expression): boolean {
  if (expression.kind === 'text') return expression.text === localAuthority;
  return expression.kind === 'property' && isIssuer(expression.property);
}

const isIssuer = ({ name }: Test['property']) => name === 'Issuer' || name === 'OriginalIssuer';

const privileged: readonly string[] = [
  claimTypes.role,
  claimTypes.group,
  claimTypes.groupSid,
  claimTypes.primaryGroupSid,
  claimTypes.permit,
];

/** In acceptance rules every claim is of one provider, so only the rule sets after them need to ask for the issuer. */
function checkTestedIssuer(rule: Rule, { purpose }: CheckContext): Finding[] {
  const { conditions, statement, at } = rule;
  const grants = statement.kind === 'query' || madeTypes(rule).some((type) => privileged.includes(type));
  const asking = conditions.filter((condition) => condition.kind !== 'exists' || !condition.isNegated);
  const isOpen =
    asking.length > 0 && !asking.some(({ selector }) => selector.tests.some((test) => isIssuer(test.property)));
  const message = 'The rule acts on a claim of any issuer.';
  return findingIf(purpose !== 'acceptance' && grants && isOpen, 'claims.any_issuer', message, at);
}

function checkPassedTypes({ conditions, statement }: Rule): Finding[] {
  const bound = statement.kind === 'copy' ? findBinding(conditions, statement.variable) : undefined;
  const isOpen = bound?.selector.tests.length === 0;
  return findingIf(isOpen, 'claims.passes_everything', 'The rule passes every claim through.', statement.at);
}

function findBinding(conditions: readonly Condition[], variable: string): Condition | undefined {
  const name = variable.toLowerCase();
  return conditions.find((condition) => condition.kind === 'select' && condition.variable?.toLowerCase() === name);
}

/** The claim types that a rule makes or passes, as far as its text says. */
export function madeTypes({ conditions, statement }: Rule): readonly string[] {
  switch (statement.kind) {
    case 'query':
      return statement.types;
    case 'new':
      return statement.assignments.flatMap(({ property, expression }) =>
        property.name === 'Type' && expression.kind === 'text' ? [expression.text] : [],
      );
    case 'copy':
      return (findBinding(conditions, statement.variable)?.selector.tests ?? []).flatMap(
        ({ property, operator, expression }) =>
          property.name === 'Type' && operator === '==' && expression.kind === 'text' ? [expression.text] : [],
      );
  }
}
