/**
 * Changes of a group's members without the members at hand, so that a group of any size costs what changes:
 *
 *     members after = (members before - removedWhere - removed, or none if isCleared) + added
 */
import { ScimError } from '../errors.ts';
import type { ResolvedFilter } from '../filter/resolve-filter.ts';
import { asList, isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Change } from './change.ts';

export interface MemberChanges {
  /** Whether the members before are all gone. */
  readonly isCleared: boolean;
  /** Filters of members to remove by more than their identifier. Applied first. */
  readonly removedWhere: readonly ResolvedFilter[];
  /** Identifiers to remove, if they are members. Applied second. */
  readonly removed: ReadonlySet<string>;
  /** Members by identifier to add, unless they are members already. Applied last. */
  readonly added: ReadonlyMap<string, JsonObject>;
}

/**
 * Takes the changes of `members` out of a PATCH of a group and sums them up; `rest` is for applyPatch. Throws `mutability`
 * for a change of a member's parts, `invalidValue` for a member without an identifier, `invalidFilter` for a removal by
 * anything but `value` after an addition.
 */
export function splitMemberChanges(changes: readonly Change[]): { members: MemberChanges; rest: Change[] } {
  return {
    members: sumUp(changes.filter(isMemberChange)),
    rest: changes.filter((change) => !isMemberChange(change)),
  };
}

/** Whether a change is one of a group's members. */
export function isMemberChange({ path }: Change): boolean {
  return path.extension === undefined && path.attribute.name === 'members';
}

function sumUp(changes: readonly Change[]): MemberChanges {
  let isCleared = false;
  const removedWhere: ResolvedFilter[] = [];
  const removed = new Set<string>();
  const added = new Map<string, JsonObject>();

  const clear = () => {
    isCleared = true;
    removedWhere.length = 0;
    removed.clear();
    added.clear();
  };
  const add = (id: string, member: JsonObject) => {
    removed.delete(id);
    added.set(id, member);
  };
  const remove = (id: string) => {
    added.delete(id);
    if (!isCleared) removed.add(id);
  };
  const removeWhere = (filter: ResolvedFilter) => {
    // Whether the filter would select a member that was just added, only its own resource knows.
    if (added.size > 0) throw new ScimError('invalidFilter', 'After adding members, remove members by value only.');
    if (!isCleared) removedWhere.push(filter);
  };

  for (const { operation, path, filter, value } of changes) {
    if (path.subAttribute !== undefined || (filter !== undefined && operation !== 'remove')) {
      throw new ScimError('mutability', 'A member cannot be changed; remove it and add another.');
    }
    if (filter !== undefined) {
      const ids = selectedIds(filter);
      if (ids === undefined) removeWhere(filter);
      else ids.forEach(remove);
      continue;
    }
    if (operation === 'replace' || value === undefined) clear();
    for (const [id, member] of asList(value).map(identify)) {
      if (operation === 'remove') remove(id);
      else add(id, member);
    }
  }
  return { isCleared, removedWhere, removed, added };
}

/** The identifiers that `value eq "a"` or `value eq "a" or value eq "b"` selects; undefined for any other filter. */
export function selectedIds(filter: ResolvedFilter): string[] | undefined {
  if (filter.kind === 'compare' && filter.operator === 'eq' && filter.path.attribute.name === 'value') {
    return [String(filter.value)];
  }
  if (filter.kind !== 'or') return undefined;
  const ids = filter.operands.map(selectedIds);
  return ids.every((list) => list !== undefined) ? ids.flat() : undefined;
}

function identify(member: JsonValue): [id: string, member: JsonObject] {
  if (isObject(member) && typeof member['value'] === 'string' && member['value'] !== '')
    return [member['value'], member];
  throw new ScimError('invalidValue', 'A member needs a value: the identifier of a user or group.');
}
