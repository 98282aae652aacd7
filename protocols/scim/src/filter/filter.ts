/** A filter as text says it (RFC 7644 3.4.2.2), before anybody knows what its names mean; and the limits of its size. */
import { type AttributePath, printAttributePath } from '../attribute-path.ts';

export const comparisonOperators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type ComparisonOperator = (typeof comparisonOperators)[number];

export type Filter =
  /** At least two operands, none of them of the same kind: `a and b and c` is one node. */
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Filter[] }
  | { readonly kind: 'not'; readonly operand: Filter }
  | { readonly kind: 'present'; readonly path: AttributePath }
  | {
      readonly kind: 'compare';
      readonly path: AttributePath;
      readonly operator: ComparisonOperator;
      readonly value: string | number | boolean | null;
    }
  /** `emails[type eq "work"]`: one value of the attribute satisfies the whole filter, whose names are its parts. */
  | { readonly kind: 'values'; readonly path: AttributePath; readonly filter: Filter };

export interface FilterLimits {
  /** UTF-16 code units of the text. */
  readonly maxLength: number;
  /** Parentheses, brackets and `not` inside each other. */
  readonly maxDepth: number;
  /** Comparisons in the whole filter; databases limit the size of an expression, too. */
  readonly maxComparisons: number;
}

export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.operands
        .map((operand) => (isLogical(operand) ? `(${printFilter(operand)})` : printFilter(operand)))
        .join(` ${filter.kind} `);
    case 'not':
      return `not (${printFilter(filter.operand)})`;
    case 'present':
      return `${printAttributePath(filter.path)} pr`;
    case 'compare':
      return `${printAttributePath(filter.path)} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case 'values':
      return `${printAttributePath(filter.path)}[${printFilter(filter.filter)}]`;
  }
}

/** Whether a filter is an `and` or an `or`. */
export function isLogical(filter: Filter): filter is Extract<Filter, { operands: unknown }> {
  return filter.kind === 'and' || filter.kind === 'or';
}
