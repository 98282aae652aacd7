import { isDeepStrictEqual } from 'node:util';
import { type Item, type ItemKind, itemId, itemKinds } from './item.ts';

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

/** One step from what is there to what the file says. */
export type Step =
  | { verb: 'create'; item: Item }
  | { verb: 'update'; item: Item; changes: FieldChange[] }
  | { verb: 'delete'; item: Item };

/** What the file speaks of, beyond its items: where it lists everything, what it does not list goes. */
export interface Desired {
  items: Item[];
  /** `<kind> <from>`: the file gives the whole list of these relations. */
  wholeLists: ReadonlySet<string>;
}

/** The name of a whole list. */
export function listId(kind: ItemKind, from: string): string {
  return `${kind} ${from.toLowerCase()}`;
}

/**
 * The steps from the present state to the file's, in an order in which each can be done. Fields that the file does not
 * mention are left alone; null in the file means: none.
 *
 * @param prune  also removes objects that the file does not name, of the kinds that it names at all
 */
export function planSteps(desired: Desired, current: readonly Item[], prune: boolean): Step[] {
  const present = new Map(current.map((item) => [itemId(item), item]));
  const wanted = new Set(desired.items.map(itemId));
  const kindsOfFile = new Set(desired.items.map(({ kind }) => kind));

  const makes = desired.items.flatMap((item): Step[] => {
    const before = present.get(itemId(item));
    if (!before) return [{ verb: 'create', item }];
    const changes = changedFields(before.fields, item.fields);
    return changes.length > 0 ? [{ verb: 'update', item, changes }] : [];
  });
  const removes = current
    .filter((item) => !wanted.has(itemId(item)))
    .filter(({ kind, from }) =>
      from === undefined ? prune && kindsOfFile.has(kind) : desired.wholeLists.has(listId(kind, from)),
    )
    .map((item): Step => ({ verb: 'delete', item }));

  const rank = ({ item }: Step) => itemKinds.indexOf(item.kind);
  const isLate = ({ item }: Step) => removedLast.has(item.kind);
  return [
    ...removes.filter((step) => !isLate(step)).sort((a, b) => rank(b) - rank(a)),
    ...makes.sort((a, b) => rank(a) - rank(b)),
    ...removes.filter(isLate),
  ];
}

/** What others include is removed when they have been changed to do without it. */
const removedLast: ReadonlySet<ItemKind> = new Set(['ruleGroup']);

/** Lists of texts whose order says something: that in which groups of rules run. */
const orderedLists: ReadonlySet<string> = new Set(['before', 'after']);

function changedFields(before: Item['fields'], after: Item['fields']): FieldChange[] {
  return Object.entries(after)
    .filter(([field, value]) => !covers(before[field], value))
    .map(([field, value]) => ({ field, before: before[field] ?? null, after: value }));
}

/**
 * Whether the present value already says what the file says. Inside of objects, too, what the file does not mention is left
 * alone; absent, null and empty are the same, and so is the order of texts in most lists.
 */
function covers(present: unknown, wanted: unknown): boolean {
  if (isEmpty(wanted)) return isEmpty(present);
  if (Array.isArray(wanted)) {
    if (!Array.isArray(present) || present.length !== wanted.length) return false;
    if (wanted.every((entry) => typeof entry === 'string')) return wanted.every((entry) => present.includes(entry));
    return wanted.every((entry, index) => covers(present[index], entry));
  }
  if (typeof wanted !== 'object' || wanted === null) return isDeepStrictEqual(present, wanted);
  return Object.entries(wanted).every(([name, content]) => {
    const known = Reflect.get(Object(present), name);
    return covers(known, content) && (!orderedLists.has(name) || isEmpty(content) || isDeepStrictEqual(known, content));
  });
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}
