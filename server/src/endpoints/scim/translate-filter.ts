import { type Comparison, printResolvedPath, type ResolvedFilter, type ResolvedPath } from '@countersign/scim';
import type { Comparable, Filter } from '../../directory/index.ts';
import type { Searched, SearchTable } from './search-table.ts';

/** A filter of SCIM as a question to the directory. */
export interface Translated {
  /** Every resource that fits the filter fits this. Absent: every object does. */
  filter?: Filter;
  /** Whether the reverse is true, too; else each object that is found must still be looked at. */
  isExact: boolean;
}

const everything: Translated = { isExact: true };
const unknown: Translated = { isExact: false };
const nothing: Translated = { filter: { op: 'in', attribute: 'id', values: [] }, isExact: true };

/** Says by the indexes of the directory what they can say of the filter. */
export function translateFilter(filter: ResolvedFilter, table: SearchTable): Translated {
  switch (filter.kind) {
    case 'and': {
      const parts = filter.operands.map((operand) => translateFilter(operand, table));
      const terms = parts.flatMap((part) => part.filter ?? []);
      return { ...(terms.length > 0 && { filter: { op: 'and', terms } }), isExact: parts.every(isExact) };
    }
    case 'or': {
      const parts = filter.operands.map((operand) => translateFilter(operand, table));
      const terms = parts.flatMap((part) => part.filter ?? []);
      if (terms.length < parts.length) return parts.some(isEverything) ? everything : unknown;
      return { filter: { op: 'or', terms }, isExact: parts.every(isExact) };
    }
    case 'not': {
      const part = translateFilter(filter.operand, table);
      if (!part.isExact) return unknown;
      return part.filter ? { filter: { op: 'not', term: part.filter }, isExact: true } : nothing;
    }
    case 'values':
      return translateValues(filter, table);
    case 'present':
      return translatePresence(table[printResolvedPath(filter.path)]);
    case 'compare':
      return translateComparison(filter, table[printResolvedPath(filter.path)]);
    case 'constant':
      return filter.matches ? everything : nothing;
  }
}

const isExact = (part: Translated) => part.isExact;
const isEverything = (part: Translated) => part.isExact && part.filter === undefined;

/**
 * `emails[type eq "work" and value eq "x"]`: one value must satisfy all of it, which no index knows; that some value satisfies
 * each part narrows it down.
 */
function translateValues(
  { path, filter }: Extract<ResolvedFilter, { kind: 'values' }>,
  table: SearchTable,
): Translated {
  if (filter.kind === 'compare' || filter.kind === 'and') {
    const parts = (filter.kind === 'and' ? filter.operands : [filter]).filter((part) => part.kind === 'compare');
    const terms = parts.flatMap((part) => {
      const whole: ResolvedPath = { ...path, subAttribute: part.path.attribute };
      return translateComparison({ ...part, path: whole }, table[printResolvedPath(whole)]);
    });
    const filters = terms.flatMap((term) => term.filter ?? []);
    const isAlone = filter.kind === 'compare' && terms.every(isExact);
    return { ...(filters.length > 0 && { filter: { op: 'and', terms: filters } }), isExact: isAlone };
  }
  return unknown;
}

function translatePresence(searched: Searched | undefined): Translated {
  if (searched?.kind === 'time') return everything;
  if (searched?.kind !== 'values') return unknown;
  const terms = searched.attributes.map((attribute): Filter => ({ op: 'ne', attribute, value: null }));
  return { filter: { op: 'or', terms }, isExact: true };
}

const operators = { co: 'contains', sw: 'startsWith', ew: 'endsWith' } as const;

function translateComparison(comparison: Comparison, searched: Searched | undefined): Translated {
  const { operator, value } = comparison;
  switch (searched?.kind) {
    case undefined:
      return unknown;
    case 'linked':
      if (operator !== 'eq') return unknown;
      return { filter: { op: searched.op, relation: searched.relation, id: String(value) }, isExact: true };
    case 'time':
      return translateTime(comparison, searched.attribute);
    case 'values':
      if (operator === 'ew' && !searched.hasSuffixes) return unknown;
      // RFC 7644 3.4.2.2: any value may differ; that none equals is another question.
      if (operator === 'ne' && searched.isMultiValued) return unknown;
      return {
        filter: either(searched.attributes.map((attribute) => term(attribute, operator, value))),
        isExact: true,
      };
  }
}

function term(attribute: string, operator: Comparison['operator'], value: Comparable): Filter {
  switch (operator) {
    case 'co':
    case 'sw':
    case 'ew':
      return { op: operators[operator], attribute, value: String(value) };
    default:
      return { op: operator, attribute, value };
  }
}

function either(terms: Filter[]): Filter {
  const [first] = terms;
  return first !== undefined && terms.length === 1 ? first : { op: 'or', terms };
}

/** The directory knows times to the millisecond; clients send more digits. */
function translateTime({ operator, value }: Comparison, attribute: string): Translated {
  const time = Number(value);
  const isWhole = Number.isInteger(time);
  if (!isWhole && (operator === 'eq' || operator === 'ne')) return operator === 'eq' ? nothing : everything;
  const isUpper = operator === 'ge' || operator === 'lt';
  const at = new Date(isUpper ? Math.ceil(time) : Math.floor(time)).toISOString();
  return { filter: term(attribute, operator, at), isExact: true };
}
