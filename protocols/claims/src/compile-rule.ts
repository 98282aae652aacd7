import { type Claim, readPart } from './claim.ts';
import { compileExpression, Scope } from './compile-expression.ts';
import type { CompiledExpression, Context, ReadText } from './compiled-expression.ts';
import { finding, locate, RuleError } from './errors.ts';
import { requirePattern } from './functions.ts';
import { findPlaceholders } from './placeholders.ts';
import { printProperty } from './print-rules.ts';
import type { CompilePattern } from './regular-expression.ts';
import type {
  Assignment,
  Comparison,
  Condition,
  Position,
  Rule,
  Selector,
  SimplePropertyName,
  Statement,
  Test,
} from './syntax-tree.ts';

/** Which rule is meant: its group, its number in the group from 1, and its name if it has one. */
export interface RuleReference {
  readonly group: string;
  readonly number: number;
  readonly name?: string;
}

export interface CompiledRule {
  readonly reference: RuleReference;
  readonly source: Rule;
  /** In the order in which they are tried: conditions that are the same for all combinations come first. */
  readonly conditions: readonly CompiledCondition[];
  readonly statement: CompiledStatement;
}

export interface CompiledCondition {
  readonly source: Condition;
  /** Place of the condition in the rule, from 0. */
  readonly place: number;
  readonly selector: CompiledSelector;
  /** Whether so many fitting claims will do; `undefined` where the rule runs once for each of them. */
  readonly holds: ((count: number) => boolean) | undefined;
  /** How many fitting claims are looked for at most. */
  readonly enough: number;
}

export interface CompiledSelector {
  readonly tests: readonly CompiledTest[];
  /** What `Type ==` asks for, by which claims are looked up, and the tests that are left then. */
  readonly type?: ReadText;
  readonly remaining: readonly CompiledTest[];
  /** Whether the selector reads claims that other conditions have matched. */
  readonly readsOthers: boolean;
}

export interface CompiledTest {
  readonly source: Test;
  readonly readsOthers: boolean;
  fits(claim: Claim, context: Context): boolean;
}

export type CompiledStatement =
  | { readonly kind: 'copy'; readonly place: number }
  | {
      readonly kind: 'new';
      readonly parts: CompiledParts;
      readonly properties: readonly (readonly [string, ReadText])[];
    }
  | {
      readonly kind: 'query';
      readonly store: string;
      readonly types: readonly string[];
      readonly query: string;
      readonly parameters: readonly ReadText[];
    };

/** What the parts of a new claim are made of, as far as they are given. */
export type CompiledParts = Readonly<Partial<Record<SimplePropertyName, ReadText>>>;

/** Compiles a rule. Throws `RuleError` with the place of what cannot be compiled. */
export function compileRule(source: Rule, reference: RuleReference, compilePattern: CompilePattern): CompiledRule {
  const scope = new Scope(compilePattern);
  const conditions = source.conditions.map((condition, place) => compileCondition(condition, place, scope));
  const { independent = [], other = [] } = Object.groupBy(conditions, ({ holds, selector }) =>
    holds && !selector.readsOthers ? 'independent' : 'other',
  );
  const statement = compileStatement(source.statement, scope);
  return { reference, source, conditions: [...independent, ...other], statement };
}

function compileCondition(source: Condition, place: number, scope: Scope): CompiledCondition {
  const selector = compileSelector(source.selector, scope);
  // A variable cannot be read in the selector that binds it ("The Role of the Claim Rule Language", expressions).
  if (source.kind === 'select' && source.variable !== undefined) {
    scope.bind(source.variable, place, source.selector.at);
  }
  const enough = source.kind === 'exists' ? 1 : Number.POSITIVE_INFINITY;
  return { source, place, selector, enough, holds: whenHolds(source) };
}

/** Whether a condition holds when so many claims fit its selector; `undefined` for one that is no aggregate. */
export function whenHolds(condition: Condition): ((count: number) => boolean) | undefined {
  switch (condition.kind) {
    case 'select':
      return undefined;
    case 'exists':
      return (found) => found > 0 !== condition.isNegated;
    case 'count':
      return (found) => compare[condition.comparison](found, condition.count);
  }
}

const compare: Record<Comparison, (left: number, right: number) => boolean> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

function compileSelector(selector: Selector, scope: Scope): CompiledSelector {
  const compiled = selector.tests.map((source) => {
    const expression = compileExpression(source.expression, scope);
    const readsOthers = expression.constant === undefined;
    return { expression, test: { source, readsOthers, fits: compileTest(source, expression, scope) } };
  });
  const tests = compiled.map(({ test }) => test);
  const key = compiled.find(({ test: { source } }) => source.property.name === 'Type' && source.operator === '==');
  return {
    tests,
    ...(key && { type: key.expression.read }),
    remaining: tests.filter((test) => test !== key?.test),
    readsOthers: tests.some((test) => test.readsOthers),
  };
}

/**
 * Comparisons tell upper from lower case, in types and values alike: "View Rule Language Dialog Box" of AD FS. (Its page
 * "Configure Custom Rule" says the opposite; but the templates of AD FS write `=~ "^(?i)...$"` where case shall not
 * matter, which would be needless then.)
 */
function compileTest(
  { property, operator, at }: Test,
  expression: CompiledExpression,
  scope: Scope,
): CompiledTest['fits'] {
  const { read } = expression;
  switch (operator) {
    case '==':
      return (claim, context) => readPart(claim, property) === read(context);
    case '!=':
      return (claim, context) => readPart(claim, property) !== read(context);
    case '=~':
    case '!~': {
      const pattern = locate(at, () => scope.compilePattern(requirePattern(expression)));
      const isWanted = operator === '=~';
      return (claim, context) => {
        const text = readPart(claim, property);
        context.spend(pattern.work(text.length));
        return pattern.isIn(text) === isWanted;
      };
    }
  }
}

function compileStatement(statement: Statement, scope: Scope): CompiledStatement {
  switch (statement.kind) {
    case 'copy':
      return { kind: 'copy', place: scope.get(statement.variable, statement.at) };
    case 'new':
      return compileNew(statement.assignments, statement.at, scope);
    case 'query': {
      const { store, types, query } = statement;
      const parameters = statement.parameters.map((parameter) => compileExpression(parameter, scope).read);
      const missing = findPlaceholders(query).find((number) => number >= parameters.length);
      if (missing === undefined) return { kind: 'query', store, types, query, parameters };
      const message = `The query has {${missing}}, and no such parameter.`;
      throw new RuleError(finding('claims.unknown_placeholder', message, statement.at));
    }
  }
}

function compileNew(assignments: readonly Assignment[], at: Position, scope: Scope): CompiledStatement {
  const parts: Partial<Record<SimplePropertyName, ReadText>> = {};
  const properties = new Map<string, ReadText>();
  for (const { property, expression, at: place } of assignments) {
    const isGiven = property.name === 'Properties' ? properties.has(property.key) : property.name in parts;
    if (isGiven) {
      const message = `${printProperty(property)} is given twice.`;
      throw new RuleError(finding('claims.duplicate_assignment', message, place));
    }
    const { read } = compileExpression(expression, scope);
    if (property.name === 'Properties') properties.set(property.key, read);
    else parts[property.name] = read;
  }
  // "The Role of the Claim Rule Language", claim issuance actions: of a new claim, only the Type must be there.
  if (!parts.Type) throw new RuleError(finding('claims.no_type', 'The new claim has no Type.', at));
  return { kind: 'new', parts, properties: [...properties] };
}
