import { unsupportedQuery } from './error.ts';
import type { FilterExpression } from './odata/filter-expression.ts';

/**
 * Reads a $filter that may only ask, joined by `and`, whether some of these properties equal a text.
 *
 * @throws GraphError `Request_UnsupportedQuery` for anything else
 */
export function equalities<Name extends string>(
  filter: FilterExpression | undefined,
  names: readonly Name[],
): { [Property in Name]?: string } {
  const found: { [Property in Name]?: string } = {};
  if (!filter) return found;
  for (const term of filter.op === 'and' ? filter.terms : [filter]) {
    const name = names.find((candidate) => term.op === 'eq' && term.path === candidate);
    if (name === undefined || term.op !== 'eq' || typeof term.value !== 'string' || name in found) {
      throw unsupportedQuery(
        `This can be filtered by ${names.map((each) => `${each} eq '...'`).join(', ')}, joined by and.`,
      );
    }
    found[name] = term.value;
  }
  return found;
}
