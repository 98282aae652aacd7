import { RE2JS } from 're2js';
import type { SourceValues } from './expression/evaluate-expression.ts';
import type { ExpressionValue } from './expression/expression.ts';
import { isBlank, textOf } from './expression/functions.ts';
import type { ScopeClause } from './mapping.ts';

/** The first clause that keeps an object out of scope; undefined when it is in. */
export function clauseAgainst(
  scope: readonly (readonly ScopeClause[])[],
  source: SourceValues,
): ScopeClause | undefined {
  const failing = scope.map((group) => group.find((clause) => !holds(clause, source[clause.attribute] ?? null)));
  return failing.includes(undefined) ? undefined : failing[0];
}

function holds({ operator, values }: ScopeClause, value: ExpressionValue): boolean {
  const test = tests[operator];
  return values.length === 0 ? test(value, '') : values.some((wanted) => test(value, wanted));
}

const isEqual = (value: ExpressionValue, wanted: string) =>
  texts(value).some((text) => text.toLowerCase() === wanted.toLowerCase());
const isMatch = (value: ExpressionValue, pattern: string) => texts(value).some((text) => RE2JS.matches(pattern, text));
const isAtLeast = (value: ExpressionValue, wanted: string) => !isBlank(value) && order(textOf(value), wanted) >= 0;

const tests: Record<ScopeClause['operator'], (value: ExpressionValue, wanted: string) => boolean> = {
  EQUALS: isEqual,
  'NOT EQUALS': (value, wanted) => !isEqual(value, wanted),
  'IS TRUE': (value) => textOf(value).toLowerCase() === 'true',
  'IS FALSE': (value) => textOf(value).toLowerCase() === 'false',
  'IS NULL': (value) => isBlank(value),
  'IS NOT NULL': (value) => !isBlank(value),
  'REGEX MATCH': isMatch,
  'NOT REGEX MATCH': (value, wanted) => !isMatch(value, wanted),
  INCLUDES: (value, wanted) => texts(value).some((text) => text.toLowerCase().includes(wanted.toLowerCase())),
  'GREATER THAN': (value, wanted) => isAtLeast(value, wanted) && order(textOf(value), wanted) !== 0,
  'GREATER THAN OR EQUALS': isAtLeast,
};

function texts(value: ExpressionValue): string[] {
  return typeof value === 'object' && value !== null ? [...value] : [textOf(value)];
}

/** Numbers by size; times and other texts as text. */
function order(a: string, b: string): number {
  const [left, right] = [Number(a), Number(b)];
  if (Number.isFinite(left) && Number.isFinite(right)) return left - right;
  return a === b ? 0 : a < b ? -1 : 1;
}
