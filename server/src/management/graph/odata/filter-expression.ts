/** A literal of a filter. Dates are kept as Date, GUIDs as text. */
export type Literal = string | number | boolean | null | Date;

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type TextFunction = 'startswith' | 'endswith' | 'contains';

/**
 * A $filter as it was written (OData 4.01 Protocol 11.2.6.1). Paths are property names joined by slashes; inside of `any` they start at
 * the element of the collection, which is the empty path.
 */
export type FilterExpression =
  | { op: 'and' | 'or'; terms: FilterExpression[] }
  | { op: 'not'; term: FilterExpression }
  | { op: Comparison; path: string; value: Literal }
  | { op: 'in'; path: string; values: Literal[] }
  | { op: TextFunction; path: string; value: string }
  | { op: 'any'; path: string; term: FilterExpression };
