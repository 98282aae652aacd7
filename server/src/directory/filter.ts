import type { ObjectKind } from './attribute.ts';
import type { Relation } from './link.ts';

/**
 * A question to the directory, neutral of the language in which it was asked ($filter of Graph, filter of SCIM).
 * Attributes are named as in the kind's definition, members of complex ones `<attribute>/<member>`; `id`, `createdAt` and
 * `modifiedAt` of the object itself are asked for by these names. Text is compared without regard to case unless the
 * attribute is `caseExact`.
 *
 * An attribute with several values fits when one of them fits. `eq` null fits objects without the attribute, and `ne`,
 * `not` fit exactly the objects that `eq` and the term do not fit.
 */
export type Filter =
  | { op: 'and' | 'or'; terms: readonly Filter[] }
  | { op: 'not'; term: Filter }
  | LinkedTerm
  | Comparison;

/** Objects that point to the other one, such as groups to their member; or to which it points. */
export interface LinkedTerm {
  op: 'pointsTo' | 'pointedToBy';
  relation: Relation;
  id: string;
}

/** A filter about one attribute. */
export type Comparison =
  | { op: 'eq' | 'ne'; attribute: string; value: Comparable | null }
  | { op: 'gt' | 'ge' | 'lt' | 'le'; attribute: string; value: Comparable }
  | { op: 'startsWith' | 'endsWith' | 'contains'; attribute: string; value: string }
  | { op: 'in'; attribute: string; values: readonly Comparable[] };

export type Comparable = string | number | boolean;

/** Objects that a reader wants, in pages. */
export interface ObjectQuery {
  kind: ObjectKind;
  filter?: Filter;
  /**
   * An indexed attribute with one value, `createdAt` or `modifiedAt`. Objects with equal values come by id in the same
   * direction, objects without a value last, or first when `emptyFirst`. Default: an order that is cheap and stays the
   * same from page to page.
   */
  orderBy?: { attribute: string; descending: boolean; emptyFirst?: boolean };
  limit: number;
  /** How many objects are left out before the page. Takes time in their number; `after` does not. */
  skip?: number;
  /** The place after which the page starts, from `nextAfter` of the page before, of the same query. */
  after?: PagePosition;
}

/** Where a page ended: the sorting key of its last object (null where it has none) and the object itself. */
export interface PagePosition {
  key: string | null;
  id: string;
}

export interface Page<Item> {
  items: Item[];
  /** Undefined on the last page. */
  nextAfter?: PagePosition;
}
