import type { AttributeDefinition, ObjectKindDefinition } from './attribute.ts';
import { extensionDefinition, isStorable } from './check-attributes.ts';
import { parseDateTime } from './date-time.ts';
import { refuse } from './errors.ts';
import type { Comparable, Comparison, Filter, LinkedTerm, ObjectQuery } from './filter.ts';
import { findDefinition } from './find-definition.ts';
import type { ExtensionProperty } from './store.ts';

/** Most comparisons and listed values of one filter. */
const mostTerms = 250;
const deepest = 25;

const texts = ['startsWith', 'endsWith', 'contains'];
const orders = ['gt', 'ge', 'lt', 'le'];

/**
 * Checks a filter against the definitions, and brings its values into the form in which they are kept.
 *
 * @throws Refusal `directory.attribute_unknown`, `directory.filter_invalid`, `directory.filter_too_complex`
 */
export function checkFilter(
  kind: ObjectKindDefinition,
  filter: Filter,
  extensions: readonly ExtensionProperty[],
): Filter {
  let terms = 0;
  const count = (more: number) => {
    terms += more;
    if (terms > mostTerms) throw tooComplex();
  };

  const check = (part: Filter, depth: number): Filter => {
    if (depth > deepest) throw tooComplex();
    switch (part.op) {
      case 'and':
      case 'or':
        return { op: part.op, terms: part.terms.map((term) => check(term, depth + 1)) };
      case 'not':
        return { op: 'not', term: check(part.term, depth + 1) };
      case 'pointsTo':
      case 'pointedToBy':
        count(1);
        return checkLinkedTerm(part);
      default:
        count(part.op === 'in' ? part.values.length : 1);
        return checkComparison(part, searchedDefinition(kind, part.attribute, extensions));
    }
  };
  return check(filter, 0);
}

/** @throws Refusal `directory.attribute_unknown`, `directory.order_invalid` */
export function checkOrder(
  kind: ObjectKindDefinition,
  { attribute }: NonNullable<ObjectQuery['orderBy']>,
  extensions: readonly ExtensionProperty[],
): void {
  const definition = searchedDefinition(kind, attribute, extensions);
  const isOrdered = definition.index !== undefined && !definition.isMultiValued && !attribute.includes('/');
  if (!isOrdered) throw refuse('directory.order_invalid', { kind: kind.kind, attribute });
}

/**
 * The names of attributes in a filter.
 * @throws Refusal `directory.filter_too_complex`
 */
export function attributesOf(filter: Filter, depth = 0): string[] {
  if (depth > deepest) throw tooComplex();
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.terms.flatMap((term) => attributesOf(term, depth + 1));
    case 'not':
      return attributesOf(filter.term, depth + 1);
    case 'pointsTo':
    case 'pointedToBy':
      return [];
    default:
      return [filter.attribute];
  }
}

function searchedDefinition(
  kind: ObjectKindDefinition,
  path: string,
  extensions: readonly ExtensionProperty[],
): AttributeDefinition {
  const definition = findDefinition(kind, path, (name) => extensionDefinition(kind, extensions, name));
  if (definition === undefined) throw refuse('directory.attribute_unknown', { kind: kind.kind, attribute: path });
  return definition;
}

function checkLinkedTerm(term: LinkedTerm): LinkedTerm {
  if (isStorable(term.id)) return term;
  throw refuse('directory.filter_invalid', { attribute: term.relation, problem: 'compares with what is no id' });
}

function checkComparison(comparison: Comparison, definition: AttributeDefinition): Comparison {
  const { op, attribute } = comparison;
  const invalid = (problem: string) => refuse('directory.filter_invalid', { attribute, problem });
  if (definition.index === undefined && definition.searchTexts === undefined) throw invalid('cannot be searched');
  const isText = definition.type === 'string' || definition.searchTexts !== undefined;
  if (texts.includes(op) && !isText) throw invalid(`cannot use ${op}: it is no text`);
  if (op === 'endsWith' && definition.index !== 'suffix') throw invalid('cannot be searched by its end');
  if (orders.includes(op) && definition.type === 'boolean') throw invalid(`cannot use ${op}: it is true or false`);

  const value = (given: Comparable): Comparable => {
    const kept = valueTypes[definition.searchTexts ? 'string' : definition.type](given);
    if (kept === undefined)
      throw invalid(`compares with ${JSON.stringify(given).slice(0, 100)}, which is of another type`);
    return kept;
  };
  if (comparison.op === 'in') return { ...comparison, values: comparison.values.map(value) };
  if (comparison.value === null) return comparison;
  return { ...comparison, value: value(comparison.value) } as Comparison;
}

/** The value as it is kept; undefined when it is of another type. */
const valueTypes: Readonly<Record<AttributeDefinition['type'], (value: Comparable) => Comparable | undefined>> = {
  string: (value) => (typeof value === 'string' && isStorable(value) ? value : undefined),
  binary: (value) => (typeof value === 'string' && isStorable(value) ? value : undefined),
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  integer: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  dateTime: (value) => (typeof value === 'string' ? parseDateTime(value)?.toISOString() : undefined),
  complex: () => undefined,
};

function tooComplex() {
  return refuse('directory.filter_too_complex', { most: mostTerms, deepest });
}
