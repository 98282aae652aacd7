/** Filters that a dialect does not offer. */
import { printResolvedPath } from '../attribute-path.ts';
import type { Dialect } from '../dialect.ts';
import { ScimError } from '../errors.ts';
import type { ResolvedFilter } from '../filter/resolve-filter.ts';
import type { ResourceType } from '../registry.ts';

/** Throws `invalidFilter` unless the filter is one of those that the dialect lists, if it lists any. */
export function checkFilterRestrictions(type: ResourceType, filter: ResolvedFilter, dialect: Dialect): void {
  const allowed = dialect.restrictions[type.name]?.filters;
  if (allowed === undefined) return;
  const names = (filter.kind === 'and' ? filter.operands : [filter]).map(nameOfEquality);
  const isAllowed = allowed.some(
    (paths) => paths.length === names.length && paths.every((path) => names.includes(path)),
  );
  if (isAllowed) return;
  const list = allowed.map((paths) => paths.join(' and ')).join(', ');
  throw new ScimError('invalidFilter', `Only eq is supported, on: ${list}.`);
}

function nameOfEquality(filter: ResolvedFilter): string | undefined {
  return filter.kind === 'compare' && filter.operator === 'eq' ? printResolvedPath(filter.path) : undefined;
}
