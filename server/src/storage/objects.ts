import { type RawBuilder, sql } from 'kysely';
import {
  type Change,
  type ChangeFeed,
  type DirectoryObject,
  isStorable,
  type ObjectStore,
  type PagePosition,
} from '../directory/index.ts';
import { insertChanges } from './change-feed.ts';
import type { Engine, Query } from './engine.ts';
import { refuse } from './errors.ts';
import type { GroupNesting } from './group-nesting.ts';
import { isExact, type NameRow, nameRows, type ValueRow, valueRows } from './index-rows.ts';
import type { ObjectKinds } from './object-kinds.ts';
import { countObjects, listObjects } from './object-list.ts';
import { purgeReferences } from './object-references.ts';
import { changeableColumns, fromRow, toRow } from './object-row.ts';
import { textKey } from './value-key.ts';

export function objectStore(
  query: Query,
  engine: Pick<Engine, 'rowLock' | 'changeOrder' | 'table' | 'insertAll'>,
  kinds: ObjectKinds,
  changes: ChangeFeed,
  nesting: GroupNesting,
): ObjectStore {
  const byId = (tenantId: string, id: string) =>
    query.selectFrom('directory_object').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id);

  const insertNames = (tenantId: string, objectId: string, names: readonly NameRow[]) => sql`
    insert into directory_name (tenant_id, space, name_key, object_id)
    select ${tenantId}, space, name_key, ${objectId}
    from ${engine.table(
      ['space', 'name_key'],
      names.map(({ space, key }) => [space, key]),
    )} where true
    on conflict do nothing`;

  const insertValues = (tenantId: string, { id, kind }: DirectoryObject, values: readonly ValueRow[]) => sql`
    insert into directory_value (tenant_id, kind, attribute, value_key, object_id)
    select ${tenantId}, ${kind}, attribute, value_key, ${id}
    from ${engine.table(
      ['attribute', 'value_key'],
      values.map(({ attribute, key }) => [attribute, key]),
    )}`;

  /** Writes what is new of an object, and tells the change feed. */
  const insertRows = async (
    tenantId: string,
    object: DirectoryObject,
    rows: { names: readonly NameRow[]; values: readonly ValueRow[]; document?: RawBuilder<unknown> },
    change: Pick<Change, 'verb' | 'at' | 'detail'>,
  ) => {
    const { names, values, document } = rows;
    const [named] = await engine.insertAll(query, [
      ...(names.length > 0 ? [insertNames(tenantId, object.id, names)] : []),
      ...(values.length > 0 ? [insertValues(tenantId, object, values)] : []),
      ...(document ? [document] : []),
      insertChanges(engine, [{ tenantId, kind: object.kind, objectId: object.id, ...change }]),
    ]);
    if (names.length > 0 && named !== names.length) await refuseTakenName(tenantId, object.id, names);
  };

  const refuseTakenName = async (tenantId: string, objectId: string, names: readonly NameRow[]) => {
    for (const { space, key, name } of names) {
      const owner = await query
        .selectFrom('directory_name')
        .select('object_id')
        .where('tenant_id', '=', tenantId)
        .where('space', '=', space)
        .where('name_key', '=', key)
        .executeTakeFirst();
      if (owner && owner.object_id !== objectId) throw refuse('directory.name_taken', { space, name });
    }
    throw new Error('A name could be neither taken nor found.');
  };

  const deleteRows = async (
    tenantId: string,
    { id, kind }: DirectoryObject,
    rows: { names: readonly NameRow[]; values: readonly ValueRow[] },
  ) => {
    const names = engine.table(
      ['space', 'name_key'],
      rows.names.map(({ space, key }) => [space, key]),
    );
    const values = engine.table(
      ['attribute', 'value_key'],
      rows.values.map(({ attribute, key }) => [attribute, key]),
    );
    if (rows.names.length > 0) {
      await sql`
        delete from directory_name where tenant_id = ${tenantId} and object_id = ${id}
          and (space, name_key) in (select space, name_key from ${names})`.execute(query);
    }
    if (rows.values.length > 0) {
      await sql`
        delete from directory_value where tenant_id = ${tenantId} and kind = ${kind} and object_id = ${id}
          and (attribute, value_key) in (select attribute, value_key from ${values})`.execute(query);
    }
  };

  const saveDocument = async (tenantId: string, before: DirectoryObject, after: DirectoryObject) => {
    const { numUpdatedRows } = await query
      .updateTable('directory_object')
      .set(changeableColumns(after))
      .where('tenant_id', '=', tenantId)
      .where('id', '=', before.id)
      .where('version', '=', before.version)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw refuse('directory.changed_meanwhile', { kind: before.kind, id: before.id });
  };

  return {
    async insert(tenantId, object) {
      const kind = kinds.get(object.kind);
      const row = toRow(tenantId, object);
      const columns = Object.keys(row).map((name) => sql.ref(name));
      const document = sql`insert into directory_object (${sql.join(columns)}) values (${sql.join(Object.values(row))})`;
      const rows = { names: nameRows(kind, object.attributes), values: valueRows(kind, object), document };
      await insertRows(tenantId, object, rows, { verb: 'created', at: object.createdAt, detail: null });
    },

    async update(tenantId, before, after) {
      const kind = kinds.get(before.kind);
      await saveDocument(tenantId, before, after);
      const names = difference(nameRows(kind, before.attributes), nameRows(kind, after.attributes), nameOf);
      const values = difference(valueRows(kind, before), valueRows(kind, after), entryOf);
      await deleteRows(tenantId, before, { names: names.removed, values: values.removed });
      const change = {
        verb: 'updated',
        at: after.modifiedAt,
        detail: { attributes: changedAttributes(before, after) },
      } as const;
      await insertRows(tenantId, after, { names: names.added, values: values.added }, change);
    },

    async setDeleted(tenantId, before, after) {
      const kind = kinds.get(before.kind);
      await saveDocument(tenantId, before, after);
      if (after.deletedAt) {
        await deleteRows(tenantId, before, {
          names: nameRows(kind, before.attributes),
          values: valueRows(kind, before),
        });
        if (after.kind === 'group') await nesting.leave(tenantId, after.id);
        await insertRows(
          tenantId,
          after,
          { names: [], values: [] },
          { verb: 'deleted', at: after.deletedAt, detail: null },
        );
      } else {
        if (after.kind === 'group') await nesting.enter(tenantId, after.id);
        const rows = { names: nameRows(kind, after.attributes), values: valueRows(kind, after) };
        await insertRows(tenantId, after, rows, { verb: 'restored', at: after.modifiedAt, detail: null });
      }
    },

    async purge(tenantId, { id, kind }, at) {
      await query.deleteFrom('directory_object').where('tenant_id', '=', tenantId).where('id', '=', id).execute();
      await purgeReferences(query, tenantId, id);
      await changes.append([{ tenantId, at, kind, objectId: id, verb: 'purged', detail: null }]);
    },

    async find(tenantId, id, includeDeleted = false) {
      const row = await byId(tenantId, id).executeTakeFirst();
      return row && (includeDeleted || row.deleted_at === null) ? fromRow(row) : undefined;
    },

    async findToChange(tenantId, id) {
      const row = await byId(tenantId, id).modifyEnd(engine.rowLock).executeTakeFirst();
      return row && fromRow(row);
    },

    async findMany(tenantId, ids) {
      if (ids.length === 0) return [];
      const rows = await query
        .selectFrom('directory_object')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('id', 'in', ids)
        .where('deleted_at', 'is', null)
        .execute();
      const found = new Map(rows.map((row) => [row.id, fromRow(row)]));
      return [...new Set(ids)].flatMap((id) => found.get(id) ?? []);
    },

    async findByName(tenantId, space, name) {
      // Names come from whoever asks; PostgreSQL fails on those that it could not keep.
      if (!isStorable(name)) return undefined;
      const key = textKey(name, isExact(kinds.uniqueAttribute(space)));
      const row = await query
        .selectFrom('directory_name')
        .innerJoin('directory_object', (join) =>
          join
            .onRef('directory_object.tenant_id', '=', 'directory_name.tenant_id')
            .onRef('directory_object.id', '=', 'directory_name.object_id'),
        )
        .selectAll('directory_object')
        .where('directory_name.tenant_id', '=', tenantId)
        .where('space', '=', space)
        .where('name_key', '=', key)
        .executeTakeFirst();
      return row && fromRow(row);
    },

    list: (tenantId, wanted) => listObjects(query, tenantId, kinds.get(wanted.kind), wanted),
    count: (tenantId, kind, filter) => countObjects(query, tenantId, kinds.get(kind), filter),

    async listDeleted(tenantId, kind, limit, after) {
      let rows = query
        .selectFrom('directory_object')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('kind', '=', kind)
        .where('deleted_at', 'is not', null);
      if (after) {
        const deletedAt = Number(after.key);
        rows = rows.where((is) =>
          is.or([
            is('deleted_at', '>', deletedAt),
            is.and([is('deleted_at', '=', deletedAt), is('id', '>', after.id)]),
          ]),
        );
      }
      const found = await rows
        .orderBy('deleted_at')
        .orderBy('id')
        .limit(limit + 1)
        .execute();
      const items = found.slice(0, limit).map(fromRow);
      const last = items.at(-1);
      if (found.length <= limit || !last) return { items };
      const nextAfter: PagePosition = { key: String(last.deletedAt?.getTime()), id: last.id };
      return { items, nextAfter };
    },

    async listDeletedBefore(before, limit) {
      const rows = await query
        .selectFrom('directory_object')
        .selectAll()
        .where('deleted_at', '<', before.getTime())
        .where('deleted_at', 'is not', null)
        .orderBy('deleted_at')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ tenantId: row.tenant_id, object: fromRow(row) }));
    },
  };
}

const nameOf = ({ space, key }: NameRow) => `${space} ${key}`;
const entryOf = ({ attribute, key }: ValueRow) => `${attribute} ${key}`;

function difference<Row>(before: Row[], after: Row[], keyOf: (row: Row) => string): { removed: Row[]; added: Row[] } {
  const had = new Set(before.map(keyOf));
  const has = new Set(after.map(keyOf));
  return {
    removed: before.filter((row) => !has.has(keyOf(row))),
    added: after.filter((row) => !had.has(keyOf(row))),
  };
}

/** Names of the attributes that differ. */
function changedAttributes(before: DirectoryObject, after: DirectoryObject): string[] {
  const names = new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)]);
  const text = (object: DirectoryObject, name: string) => JSON.stringify(object.attributes[name]);
  return [...names].filter((name) => text(before, name) !== text(after, name)).sort();
}
