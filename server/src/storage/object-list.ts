import type {
  Comparison,
  DirectoryObject,
  Filter,
  ObjectKindDefinition,
  ObjectQuery,
  Page,
  PagePosition,
} from '../directory/index.ts';
import type { Engine, Query } from './engine.ts';
import { definitionOf } from './index-rows.ts';
import { joined, type KeyCondition, type ObjectFilter, objectFilter } from './object-filter.ts';
import { fromRow } from './object-row.ts';
import type { DirectoryObjectTable } from './schema.ts';
import { plain, type Statement, statement } from './statement.ts';

type Row = DirectoryObjectTable & { sort_key: string | null };
type Count = { count: number | string };

/** Where a page is read from, in an order that an index already has. */
interface Source {
  /** The entries of an attribute, in the order of their keys or, when all keys are equal, of their objects. */
  keys?: KeyCondition;
  /** What else the objects must fit. */
  rest: readonly Filter[];
  /** A term of which all fitting ids are gathered first. */
  among?: Filter;
  /** Only objects that have no entry of this attribute. */
  without?: string;
  descending: boolean;
}

/** More objects than any tenant has. */
const everything = 2 ** 31 - 1;

const objectId = plain('o.id');
const entryObjectId = plain('e.object_id');

/** A page of living objects. */
export async function listObjects(
  engine: Pick<Engine, 'run'>,
  query: Query,
  tenantId: string,
  kind: ObjectKindDefinition,
  { filter, orderBy, limit, skip = 0, after }: ObjectQuery,
): Promise<Page<DirectoryObject>> {
  const filters = objectFilter(tenantId, kind);
  const sources = orderBy ? orderedSources(filters, kind, filter, orderBy) : [cheapestSource(filters, filter)];
  const isResumed = ({ without }: Source) => after !== undefined && (after.key === null) === (without !== undefined);
  const first = sources.length === 1 ? 0 : Math.max(0, sources.findIndex(isResumed));
  const rows: Row[] = [];
  let toSkip = skip;
  for (const [place, source] of sources.entries()) {
    if (place < first || rows.length > limit) continue;
    const start = place === first ? after : undefined;
    const part = { limit: limit + 1 - rows.length, skip: toSkip };
    const found = await engine.run<Row>(query, select(filters, tenantId, kind, source, part, start));
    rows.push(...found.rows);
    if (toSkip === 0 || place === sources.length - 1) continue;
    const all = select(filters, tenantId, kind, source, { limit: everything, skip: 0 }, start);
    const counted = await engine.run<Count>(query, statement`select count(*) as count from (${all}) a`);
    toSkip = Math.max(0, toSkip - Number(counted.rows[0]?.count));
  }
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(fromRow),
    ...(rows.length > limit && last && { nextAfter: { key: last.sort_key, id: last.id } }),
  };
}

/** How many living objects there are. */
export async function countObjects(
  engine: Pick<Engine, 'run'>,
  query: Query,
  tenantId: string,
  kind: ObjectKindDefinition,
  filter: Filter | undefined,
): Promise<number> {
  const filters = objectFilter(tenantId, kind);
  const ids = filter && filters.idsOf(filter);
  const counted = ids
    ? statement`select count(distinct object_id) as count from (${ids}) f`
    : statement`
        select count(*) as count from directory_object o
        where ${isLiving(tenantId, kind)} and ${filter ? filters.fits(filter, objectId) : plain('1 = 1')}`;
  return Number((await engine.run<Count>(query, counted)).rows[0]?.count);
}

/** The source for a list whose order nobody asked for. */
function cheapestSource(filters: ObjectFilter, filter: Filter | undefined): Source {
  const [first, ...others] = conjunction(filter).toSorted((a, b) => filters.rank(a) - filters.rank(b));
  if (first === undefined) return { rest: [], descending: false };
  const keys = isComparison(first) ? filters.keysOf(first) : undefined;
  // An object with several fitting values would come several times.
  if (keys && (keys.isOneKey || !keys.isMultiValued)) return { keys, rest: others, descending: false };
  return { among: first, rest: others, descending: false };
}

/** The objects that have a value to be ordered by, and those that have none. */
function orderedSources(
  filters: ObjectFilter,
  kind: ObjectKindDefinition,
  filter: Filter | undefined,
  { attribute, descending, emptyFirst = false }: NonNullable<ObjectQuery['orderBy']>,
): Source[] {
  if (attribute === 'id') return [{ rest: conjunction(filter), descending }];
  const terms = conjunction(filter).toSorted((a, b) => filters.rank(a) - filters.rank(b));
  const onOrder = terms.find((term) => isComparison(term) && filters.keysOf(term)?.attribute === attribute);
  const rest = terms.filter((term) => term !== onOrder);
  if (onOrder && isComparison(onOrder)) {
    const keys = filters.keysOf(onOrder);
    if (keys) return [{ keys, rest, descending }];
  }
  const [best, ...others] = terms;
  const narrowing = best && filters.rank(best) <= 3 ? { among: best, rest: others } : { rest: terms };
  const all = { attribute, isKey: () => undefined, rank: 0, isMultiValued: false, isOneKey: false };
  const withValue = { keys: all, ...narrowing, descending };
  if (definitionOf(kind, attribute)?.isRequired) return [withValue];
  const withoutValue = { without: attribute, ...narrowing, descending };
  return emptyFirst ? [withoutValue, withValue] : [withValue, withoutValue];
}

function select(
  filters: ObjectFilter,
  tenantId: string,
  kind: ObjectKindDefinition,
  { keys, among, rest, without, descending }: Source,
  { limit, skip }: { limit: number; skip: number },
  after: PagePosition | undefined,
): Statement {
  const id = keys ? entryObjectId : objectId;
  const conditions = rest.map((term) => filters.fits(term, id));
  const ids = among && filters.idsOf(among);
  if (ids) conditions.push(statement`${id} in (${ids})`);
  else if (among) conditions.push(filters.fits(among, id));
  if (without !== undefined) conditions.push(filters.fits({ op: 'eq', attribute: without, value: null }, id));

  const isByKey = keys !== undefined && !keys.isOneKey;
  const further = plain(descending ? '<' : '>');
  if (after) conditions.push(isByKey ? placed(further, after) : statement`${id} ${further} ${after.id}`);
  const direction = plain(descending ? 'desc' : 'asc');
  const order = isByKey ? statement`e.value_key ${direction}, e.object_id ${direction}` : statement`${id} ${direction}`;

  if (!keys) {
    // The ids come from an index of their own, so that no documents of other kinds are read.
    return statement`
      select o.*, null as sort_key from (
        select o.id from directory_object o where ${isLiving(tenantId, kind)} and ${joined('and', conditions)}
        order by ${order} limit ${limit} offset ${skip}
      ) p join directory_object o on o.tenant_id = ${tenantId} and o.id = p.id order by p.id ${direction}`;
  }
  return statement`
    select o.*, ${plain(isByKey ? 'e.value_key' : 'null')} as sort_key
    from directory_value e join directory_object o on o.tenant_id = e.tenant_id and o.id = e.object_id
    where ${filters.isEntry(keys, 'e')} and ${joined('and', conditions)}
    order by ${order} limit ${limit} offset ${skip}`;
}

function isLiving(tenantId: string, { kind }: ObjectKindDefinition): Statement {
  return statement`o.tenant_id = ${tenantId} and o.kind = ${kind} and o.deleted_at is null`;
}

function placed(further: Statement, { key, id }: PagePosition): Statement {
  return statement`(e.value_key, e.object_id) ${further} (${key}, ${id})`;
}

/** The terms that must all hold. */
function conjunction(filter: Filter | undefined): readonly Filter[] {
  if (filter === undefined) return [];
  return filter.op === 'and' ? filter.terms.flatMap(conjunction) : [filter];
}

function isComparison(filter: Filter): filter is Comparison {
  return !['and', 'or', 'not', 'pointsTo', 'pointedToBy'].includes(filter.op);
}
