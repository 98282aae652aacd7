/** What a dialect forbids a PATCH request that the RFC would allow. */
import { printResolvedPath } from '../attribute-path.ts';
import type { Dialect, PatchRestrictions } from '../dialect.ts';
import { ScimError } from '../errors.ts';
import { asList } from '../json.ts';
import type { ResourceType } from '../registry.ts';
import { checkMemberChanges } from '../resource/check-resource.ts';
import type { Change } from './change.ts';
import { isMemberChange, selectedIds } from './member-changes.ts';

/** The changes of one operation, and whether it had a path. */
export interface ParsedOperation {
  readonly changes: readonly Change[];
  readonly hasPath: boolean;
}

/** Throws `mutability` for an attribute that must not be changed so, `invalidValue` for too much in one request. */
export function checkPatchRestrictions(
  type: ResourceType,
  operations: readonly ParsedOperation[],
  dialect: Dialect,
): void {
  const members = operations.flatMap(({ changes }) => changes).filter(isMemberChange);
  checkMemberChanges(
    type,
    members.map(countOf).reduce((sum, count) => sum + count, 0),
    dialect,
  );
  const restrictions = dialect.restrictions[type.name]?.patch;
  if (restrictions === undefined) return;
  for (const { changes } of operations) for (const change of changes) checkChange(change, restrictions);
  const touched = operations.map(({ changes, hasPath }) => ({ names: new Set(changes.map(nameOf)), hasPath }));
  const repeated = restrictions.once.find((name) => touched.filter(({ names }) => names.has(name)).length > 1);
  if (repeated !== undefined) throw new ScimError('invalidValue', `Only one operation can change ${repeated}.`);
  if (!restrictions.severalWithoutPath && touched.some(({ names, hasPath }) => !hasPath && names.size > 1)) {
    throw new ScimError('invalidValue', 'An operation without a path can change only one attribute.');
  }
}

function checkChange(change: Change, { modifiable, notRemovable, notReplaceable }: PatchRestrictions): void {
  const { operation, path, filter, value } = change;
  const name = nameOf(change);
  const isWhole = filter === undefined && path.subAttribute === undefined;
  const isAllowed =
    modifiable.includes(name) &&
    !(operation === 'remove' && isWhole && value === undefined && notRemovable.includes(name)) &&
    !(operation === 'replace' && isWhole && notReplaceable.includes(name));
  if (!isAllowed) throw new ScimError('mutability', `${operation} of ${printResolvedPath(path)} is not supported.`);
}

/** The attribute at the top of the resource, or the extension, that a change touches. */
function nameOf({ path }: Change): string {
  return path.extension ?? path.attribute.name;
}

/** How many members a change touches. */
function countOf({ filter, value }: Change): number {
  return filter === undefined ? asList(value).length : (selectedIds(filter)?.length ?? 1);
}
