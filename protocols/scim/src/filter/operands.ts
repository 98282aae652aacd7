/** Which operators an attribute type has, and what a value must be to be compared with it (RFC 7644 3.4.2.2, table 3). */
import { parseDateTime } from '../date-time.ts';
import { accepts, type Dialect } from '../dialect.ts';
import { quote, ScimError } from '../errors.ts';
import { booleanOfText } from '../read-boolean.ts';
import type { AttributeDefinition, AttributeType } from '../schema.ts';
import { type ComparisonOperator, comparisonOperators } from './filter.ts';

type Operand = string | number | boolean;
type Conversion = (value: Operand, dialect: Dialect) => Operand | undefined;

const toText: Conversion = (value, dialect) => {
  if (typeof value === 'string') return value;
  // Interop: without quotation marks, Microsoft's `employeeNumber eq 701984` looks like a number.
  return accepts(dialect, 'unquoted-filter-values') ? String(value) : undefined;
};
const toNumber: Conversion = (value) => (typeof value === 'number' ? value : undefined);
const toBoolean: Conversion = (value, dialect) => {
  const boolean = accepts(dialect, 'string-booleans') ? booleanOfText(value) : value;
  return typeof boolean === 'boolean' ? boolean : undefined;
};
const toTime: Conversion = (value) => (typeof value === 'string' ? parseDateTime(value) : undefined);

const equality: readonly ComparisonOperator[] = ['eq', 'ne'];
const order: readonly ComparisonOperator[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const texts: readonly ComparisonOperator[] = ['eq', 'ne', 'co', 'sw', 'ew'];

/** RFC 7644 table 3: "gt" and its kin on a boolean or binary attribute must fail. */
const comparisons: Record<AttributeType, { operators: readonly ComparisonOperator[]; convert: Conversion }> = {
  string: { operators: comparisonOperators, convert: toText },
  reference: { operators: comparisonOperators, convert: toText },
  binary: { operators: texts, convert: toText },
  boolean: { operators: equality, convert: toBoolean },
  integer: { operators: order, convert: toNumber },
  decimal: { operators: order, convert: toNumber },
  dateTime: { operators: order, convert: toTime },
  complex: { operators: [], convert: toText },
};

/**
 * The value as the attribute's type; a dateTime becomes milliseconds. Throws `invalidFilter` for an operator that the type
 * does not have, and for a value of another type.
 */
export function readOperand(
  { name, type }: AttributeDefinition,
  operator: ComparisonOperator,
  value: Operand | null,
  dialect: Dialect,
): Operand {
  const { operators, convert } = comparisons[type];
  if (value === null || !operators.includes(operator)) {
    throw new ScimError(
      'invalidFilter',
      `The ${type} attribute ${name} cannot be compared by ${operator} with ${quote(String(value))}.`,
    );
  }
  const operand = convert(value, dialect);
  if (operand === undefined) {
    throw new ScimError('invalidFilter', `${quote(String(value))} is no ${type}, but ${name} is compared with it.`);
  }
  return operand;
}
