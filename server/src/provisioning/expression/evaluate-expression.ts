import { type Expression, ExpressionError, type ExpressionValue } from './expression.ts';
import { findFunction, isBlank, textOf } from './functions.ts';

/** What an object is, by the names of its attributes; absent ones have no value. */
export type SourceValues = Readonly<Record<string, ExpressionValue | undefined>>;

/**
 * The value of an expression for one object.
 * @throws ExpressionError when a function cannot work with what it is given
 */
export function evaluateExpression(expression: Expression, source: SourceValues): ExpressionValue {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'attribute':
      return source[expression.name] ?? null;
    case 'comparison':
      return compare(
        expression.operator,
        evaluateExpression(expression.left, source),
        evaluateExpression(expression.right, source),
      );
    case 'call': {
      const definition = findFunction(expression.name);
      if (!definition) throw new ExpressionError(`There is no function ${expression.name}.`);
      return definition.evaluate(expression.parts.map((part) => evaluateExpression(part, source)));
    }
  }
}

function compare(operator: string, left: ExpressionValue, right: ExpressionValue): boolean {
  const order = orderOf(left, right);
  switch (operator) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

/** Numbers by size, everything else as text without regard to case. */
function orderOf(left: ExpressionValue, right: ExpressionValue): number {
  const numbers = [left, right].map((value) => (isBlank(value) ? Number.NaN : Number(textOf(value))));
  const [a = 0, b = 0] = numbers;
  if (numbers.every(Number.isFinite)) return a - b;
  const [first, second] = [textOf(left).toLowerCase(), textOf(right).toLowerCase()];
  return first === second ? 0 : first < second ? -1 : 1;
}
