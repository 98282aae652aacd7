/** One change that a PATCH request asks for, after its path has been understood and its value has been read. */
import type { ResolvedPath } from '../attribute-path.ts';
import type { ResolvedFilter } from '../filter/resolve-filter.ts';
import type { JsonValue } from '../json.ts';

export const patchOperations = ['add', 'remove', 'replace'] as const;

export interface Change {
  readonly operation: (typeof patchOperations)[number];
  readonly path: ResolvedPath;
  /** Selects among the values of a multi-valued attribute; its paths start at the single value. */
  readonly filter: ResolvedFilter | undefined;
  /**
   * What to add or put in place: a list for a whole multi-valued attribute, one value with a filter, else as the attribute
   * says. Of `remove` the values to take away from the list; undefined takes away everything that the path selects.
   */
  readonly value: JsonValue | undefined;
}
