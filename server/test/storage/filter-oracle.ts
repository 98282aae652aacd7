// What filters and orders mean, said as plainly as possible: a scan of documents in memory.
import {
  type AttributeValue,
  type Comparable,
  type Comparison,
  type DirectoryObject,
  type Filter,
  fold,
  type ObjectQuery,
} from '../../src/directory/index.ts';

const exactAttributes = ['externalId', 'onPremisesImmutableId'];

/** Every value that the object has under the name, in a form in which `<` and `===` compare as the directory does. */
function valuesOf({ id, attributes, createdAt, modifiedAt }: DirectoryObject, name: string): Comparable[] {
  if (name === 'id') return [id];
  if (name === 'createdAt') return [compared(name, createdAt.toISOString())];
  if (name === 'modifiedAt') return [compared(name, modifiedAt.toISOString())];
  const [first = '', member] = name.split('/');
  let value: AttributeValue | undefined = attributes[first];
  if (member !== undefined && value && typeof value === 'object' && !Array.isArray(value)) value = value[member];
  const values = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return values.map((one) => compared(name, one as Comparable));
}

function compared(name: string, value: Comparable): Comparable {
  return typeof value === 'string' && !exactAttributes.includes(name) ? fold(value) : value;
}

/** Texts compare by the code points of their characters. */
function compare(a: Comparable, b: Comparable): number {
  if (typeof a !== 'string' || typeof b !== 'string') return a < b ? -1 : a > b ? 1 : 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

export function fits(object: DirectoryObject, filter: Filter): boolean {
  switch (filter.op) {
    case 'and':
      return filter.terms.every((term) => fits(object, term));
    case 'or':
      return filter.terms.some((term) => fits(object, term));
    case 'not':
      return !fits(object, filter.term);
    case 'pointsTo':
    case 'pointedToBy':
      throw new Error('Links do not stand in documents.');
    default:
      return comparisonFits(object, filter);
  }
}

function comparisonFits(object: DirectoryObject, filter: Comparison): boolean {
  const values = valuesOf(object, filter.attribute);
  if (filter.op === 'in') {
    return filter.values.some((value) => comparisonFits(object, { op: 'eq', attribute: filter.attribute, value }));
  }
  if (filter.op === 'ne') return !comparisonFits(object, { ...filter, op: 'eq' });
  if (filter.value === null) return values.length === 0;
  const wanted = compared(filter.attribute, filter.value);
  const tests: Record<Exclude<Comparison['op'], 'in' | 'ne'>, (value: Comparable) => boolean> = {
    eq: (value) => value === wanted,
    gt: (value) => compare(value, wanted) > 0,
    ge: (value) => compare(value, wanted) >= 0,
    lt: (value) => compare(value, wanted) < 0,
    le: (value) => compare(value, wanted) <= 0,
    startsWith: (value) => String(value).startsWith(String(wanted)),
    endsWith: (value) => String(value).endsWith(String(wanted)),
    contains: (value) => String(value).includes(String(wanted)),
  };
  return values.some(tests[filter.op]);
}

/** The ids in the order that was asked for. */
export function ordered(
  objects: DirectoryObject[],
  { attribute, descending }: NonNullable<ObjectQuery['orderBy']>,
): string[] {
  const sign = descending ? -1 : 1;
  const inOrder = objects.toSorted((a, b) => {
    const [first] = valuesOf(a, attribute);
    const [second] = valuesOf(b, attribute);
    if (first === undefined || second === undefined) {
      if (first !== second) return first === undefined ? 1 : -1;
      return sign * compare(a.id, b.id);
    }
    return sign * (compare(first, second) || compare(a.id, b.id));
  });
  return inOrder.map(({ id }) => id);
}
