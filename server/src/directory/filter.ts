/**
 * A question to the directory, neutral of the language in which it was asked ($filter of Graph, filter of SCIM). Text is
 * compared without regard to case. `id`, `createdAt` and `modifiedAt` of the object itself can be asked for by these names.
 */
export type Filter =
  | { op: 'and' | 'or'; terms: Filter[] }
  | { op: 'not'; term: Filter }
  | { op: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'; attribute: string; value: string | number | boolean | null }
  | { op: 'startsWith' | 'endsWith' | 'contains'; attribute: string; value: string }
  | { op: 'in'; attribute: string; values: (string | number | boolean)[] };

/** Objects that a reader wants, in pages. */
export interface ObjectQuery {
  kind: import('./attribute.ts').ObjectKind;
  filter?: Filter;
  /** Default: by id. Objects with equal values come by id. */
  orderBy?: { attribute: string; descending: boolean };
  limit: number;
  /** The place after which the page starts, from `nextAfter` of the page before. */
  after?: PagePosition;
}

/** Where a page ended: the sorting key of its last object and the object itself. */
export interface PagePosition {
  key: string;
  id: string;
}

export interface Page<Item> {
  items: Item[];
  /** Undefined on the last page. */
  nextAfter?: PagePosition;
}
