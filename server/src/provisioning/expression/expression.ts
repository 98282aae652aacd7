/** What an attribute or an expression can be worth. Null: no value. Multi-valued attributes are lists of texts. */
export type ExpressionValue = string | number | boolean | null | readonly string[];

/** An expression that was read. */
export type Expression =
  | { readonly kind: 'constant'; readonly value: ExpressionValue }
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly parts: readonly Expression[] }
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    };

export const comparisonOperators = ['<>', '<=', '>=', '=', '<', '>'] as const;

export type ComparisonOperator = (typeof comparisonOperators)[number];

/** The text is no expression, or it cannot be evaluated for this object. Its message is meant for an administrator. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

/** Every attribute that the expression reads. */
export function attributesOf(expression: Expression): string[] {
  switch (expression.kind) {
    case 'constant':
      return [];
    case 'attribute':
      return [expression.name];
    case 'call':
      return expression.parts.flatMap(attributesOf);
    case 'comparison':
      return [...attributesOf(expression.left), ...attributesOf(expression.right)];
  }
}
