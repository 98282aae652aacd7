import type { Comparable, Comparison, Filter, LinkedTerm, ObjectKindDefinition } from '../directory/index.ts';
import { definitionOf, reversedMark } from './index-rows.ts';
import { isFoundLiving } from './object-row.ts';
import { listed, plain, type Statement, statement } from './statement.ts';
import { reversedKey, textKey, valueKey } from './value-key.ts';

/** What a comparison asks of the index: a condition on the keys that stand under a name. */
export interface KeyCondition {
  /** The attribute's name, or that of its reversed values. */
  attribute: string;
  /** The condition on a key; undefined when every key fits. */
  isKey: (key: Statement) => Statement | undefined;
  /** How few objects will fit, as a guess: lower is fewer. */
  rank: number;
  isMultiValued: boolean;
  /** All keys that fit are equal, so that entries come in the order of their objects. */
  isOneKey: boolean;
}

export type AttributeKeys = Pick<KeyCondition, 'attribute' | 'isKey'>;

/** Turns filters on objects of one kind into SQL on the table `directory_value`. */
export interface ObjectFilter {
  /** A condition on the object whose id the expression gives. */
  fits(filter: Filter, id: Statement): Statement;
  /** A subquery of the ids of all objects that fit. Undefined where the index holds no such list, as for `not`. */
  idsOf(filter: Filter): Statement | undefined;
  /** What the comparison asks of the index. Undefined for those that ask for absence, or for the object's own id. */
  keysOf(comparison: Comparison): KeyCondition | undefined;
  /** How few objects will fit, as a guess: lower is fewer. */
  rank(filter: Filter): number;
  /** The condition that a row of `directory_value` under this alias is an entry of the index that fits. */
  isEntry(keys: AttributeKeys, alias: string): Statement;
}

const hopeless = 9;
/** Guesses of how few objects fit: a name leads to one, a beginning to some, a truth value to half of all. */
const ranks = {
  unique: 0,
  eq: 1,
  in: 2,
  linked: 2,
  startsWith: 3,
  endsWith: 3,
  gt: 5,
  ge: 5,
  lt: 5,
  le: 5,
  contains: 6,
  flag: 7,
};
const sqlOperators = { gt: '>', ge: '>=', lt: '<', le: '<=' };
const always = plain('1 = 1');
const never = plain('1 = 0');
const everyKey = () => undefined;

export function objectFilter(tenantId: string, kind: ObjectKindDefinition): ObjectFilter {
  const keysOf = (comparison: Comparison): KeyCondition | undefined => {
    const { op, attribute } = comparison;
    const definition = definitionOf(kind, attribute);
    if (attribute === 'id' || op === 'ne' || (op === 'eq' && comparison.value === null)) return undefined;
    if (definition === undefined) throw new Error(`The filter on ${attribute} was not checked.`);
    const key = (value: Comparable) => valueKey(definition, value);
    const found = {
      attribute,
      rank: ranks[op],
      isMultiValued: definition.isMultiValued === true || definition.searchTexts !== undefined,
      isOneKey: op === 'eq',
    };
    switch (op) {
      case 'eq': {
        const rank =
          typeof comparison.value === 'boolean'
            ? ranks.flag
            : definition.unique === undefined
              ? ranks.eq
              : ranks.unique;
        return { ...found, rank, isKey: (text) => compareText(text, comparison, key) };
      }
      case 'endsWith':
        return {
          ...found,
          attribute: attribute + reversedMark,
          isKey: (text) => hasPrefix(text, reversedKey(comparison.value, definition.caseExact)),
        };
      default:
        return { ...found, isKey: (text) => compareText(text, comparison, key) };
    }
  };

  const isEntry = ({ attribute, isKey }: AttributeKeys, alias: string) => {
    const column = (name: string) => plain(`${alias}.${name}`);
    return statement`${column('tenant_id')} = ${tenantId} and ${column('kind')} = ${kind.kind}
      and ${column('attribute')} = ${attribute} and ${isKey(column('value_key')) ?? always}`;
  };

  /** Looks into the values of one object, so the kind is left out: the index by object does not have it. */
  const hasEntry = ({ attribute, isKey }: AttributeKeys, id: Statement) => statement`exists (
    select 1 from directory_value v where v.tenant_id = ${tenantId} and v.object_id = ${id}
      and v.attribute = ${attribute} and ${isKey(plain('v.value_key')) ?? always})`;

  /** The living objects at one end of links whose other end is a living object, too. */
  const linkedIds = ({ op, relation, id }: LinkedTerm) => {
    const ends = ['from_id', 'from_kind', 'to_id', 'to_kind'].map((column) => plain(`l.${column}`));
    const [fromId, fromKind, toId, toKind] = ends;
    const [ownId, ownKind, otherId] = op === 'pointsTo' ? [fromId, fromKind, toId] : [toId, toKind, fromId];
    return statement`select o.id as object_id from directory_link l
      join directory_object o on o.tenant_id = l.tenant_id and o.id = ${ownId} and ${isFoundLiving('o')}
      join directory_object x on x.tenant_id = l.tenant_id and x.id = ${otherId} and ${isFoundLiving('x')}
      where l.tenant_id = ${tenantId} and l.relation = ${relation} and ${otherId} = ${id} and ${ownKind} = ${kind.kind}`;
  };

  const fits = (filter: Filter, id: Statement): Statement => {
    switch (filter.op) {
      case 'and':
      case 'or':
        return joined(
          filter.op,
          filter.terms.map((term) => fits(term, id)),
        );
      case 'not':
        return statement`not (${fits(filter.term, id)})`;
      case 'pointsTo':
      case 'pointedToBy':
        return statement`${id} in (${linkedIds(filter)})`;
      default:
        return comparisonFits(filter, id);
    }
  };

  const comparisonFits = (comparison: Comparison, id: Statement): Statement => {
    const { op, attribute } = comparison;
    if (attribute === 'id') return compareText(id, comparison, (value) => textKey(String(value))) ?? always;
    if (op === 'ne') return statement`not (${comparisonFits({ ...comparison, op: 'eq' }, id)})`;
    const keys = keysOf(comparison);
    return keys ? hasEntry(keys, id) : statement`not ${hasEntry({ attribute, isKey: everyKey }, id)}`;
  };

  const rank = (filter: Filter): number => {
    switch (filter.op) {
      case 'and':
        return Math.min(hopeless, ...filter.terms.map(rank));
      case 'or':
        return Math.max(...filter.terms.map(rank));
      case 'not':
        return hopeless;
      case 'pointsTo':
      case 'pointedToBy':
        return ranks.linked;
      default:
        if (filter.attribute === 'id') return filter.op === 'eq' || filter.op === 'in' ? ranks.unique : hopeless;
        return keysOf(filter)?.rank ?? hopeless;
    }
  };

  const idsOf = (filter: Filter): Statement | undefined => {
    if (rank(filter) === hopeless) return undefined;
    switch (filter.op) {
      case 'or':
        return listed(
          filter.terms.map((term) => statement`select object_id from (${idsOf(term)}) t`),
          ' union ',
        );
      case 'and': {
        const [first, ...others] = filter.terms.toSorted((a, b) => rank(a) - rank(b));
        if (first === undefined) return undefined;
        const ids = statement`select t.object_id from (${idsOf(first)}) t`;
        const id = plain('t.object_id');
        return others.length === 0
          ? ids
          : statement`${ids} where ${joined(
              'and',
              others.map((term) => fits(term, id)),
            )}`;
      }
      case 'not':
        return undefined;
      case 'pointsTo':
      case 'pointedToBy':
        return linkedIds(filter);
      default: {
        const keys = keysOf(filter);
        if (!keys) {
          return statement`
            select o.id as object_id from directory_object o
            where o.tenant_id = ${tenantId} and o.kind = ${kind.kind} and o.deleted_at is null and ${fits(filter, plain('o.id'))}`;
        }
        return statement`select v.object_id from directory_value v where ${isEntry(keys, 'v')}`;
      }
    }
  };

  return { fits, idsOf, keysOf, rank, isEntry };
}

/** The comparison as a condition on a text; undefined when every text fits. Absence is not asked for here. */
function compareText(
  text: Statement,
  comparison: Comparison,
  keyOf: (value: Comparable) => string,
): Statement | undefined {
  switch (comparison.op) {
    case 'eq':
      return comparison.value === null ? never : statement`${text} = ${keyOf(comparison.value)}`;
    case 'ne':
      return comparison.value === null ? undefined : statement`${text} <> ${keyOf(comparison.value)}`;
    case 'in':
      return comparison.values.length === 0
        ? never
        : statement`${text} in (${listed(comparison.values.map((value) => statement`${keyOf(value)}`))})`;
    case 'startsWith':
      return hasPrefix(text, keyOf(comparison.value));
    case 'contains': {
      const part = keyOf(comparison.value);
      // Not `like`: SQLite's knows no case of ASCII letters, and limits the length of what is looked for.
      return part === '' ? undefined : statement`replace(${text}, ${part}, '') <> ${text}`;
    }
    case 'endsWith':
      throw new Error(`${comparison.attribute} has no reversed keys.`);
    default:
      return statement`${text} ${plain(sqlOperators[comparison.op])} ${keyOf(comparison.value)}`;
  }
}

/** That a text begins so, as a range of an index that compares bytes of UTF-8. */
function hasPrefix(text: Statement, prefix: string): Statement | undefined {
  if (prefix === '') return undefined;
  const end = afterPrefix(prefix);
  return end === undefined ? statement`${text} >= ${prefix}` : statement`${text} >= ${prefix} and ${text} < ${end}`;
}

/** The least text that is greater than all that begin so; undefined when there is none. */
function afterPrefix(prefix: string): string | undefined {
  const points = [...prefix].map((character) => character.codePointAt(0) ?? 0);
  while (points.length > 0) {
    const last = points.pop() ?? 0;
    // Between U+D7FF and U+E000 are halves of characters, which are none themselves.
    if (last < 0x10ffff) return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}

/** Conditions joined by one word; no condition at all is true for `and`, false for `or`. */
export function joined(word: 'and' | 'or', conditions: readonly Statement[]): Statement {
  if (conditions.length === 0) return word === 'and' ? always : never;
  return statement`(${listed(conditions, ` ${word} `)})`;
}
