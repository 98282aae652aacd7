import type { ChangeFeed, DirectoryObject, ObjectStore, PagePosition } from '../directory/index.ts';
import type { Engine, Query } from './engine.ts';
import type { GroupNesting } from './group-nesting.ts';
import { isExact, type NameRow, nameRows, type ValueRow, valueRows } from './index-rows.ts';
import type { ObjectKinds } from './object-kinds.ts';
import { countObjects, listObjects } from './object-list.ts';
import { purgeReferences } from './object-references.ts';
import { changeableColumns, fromRow, toRow } from './object-row.ts';
import { refuse } from './refuse.ts';
import { textKey } from './value-key.ts';

export function objectStore(
  query: Query,
  engine: Pick<Engine, 'rowLock'>,
  kinds: ObjectKinds,
  changes: ChangeFeed,
  nesting: GroupNesting,
): ObjectStore {
  const byId = (tenantId: string, id: string) =>
    query.selectFrom('directory_object').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id);

  const takeNames = async (tenantId: string, objectId: string, names: NameRow[]) => {
    if (names.length === 0) return;
    const { numInsertedOrUpdatedRows } = await query
      .insertInto('directory_name')
      .values(names.map(({ space, key }) => ({ tenant_id: tenantId, space, name_key: key, object_id: objectId })))
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === BigInt(names.length)) return;
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

  const leaveNames = async (tenantId: string, names: NameRow[]) => {
    for (const { space, key } of names) {
      await query
        .deleteFrom('directory_name')
        .where('tenant_id', '=', tenantId)
        .where('space', '=', space)
        .where('name_key', '=', key)
        .execute();
    }
  };

  const addValues = async (tenantId: string, { id, kind }: DirectoryObject, values: ValueRow[]) => {
    if (values.length === 0) return;
    await query
      .insertInto('directory_value')
      .values(
        values.map(({ attribute, key }) => ({ tenant_id: tenantId, kind, attribute, value_key: key, object_id: id })),
      )
      .execute();
  };

  const removeValues = async (tenantId: string, { id, kind }: DirectoryObject, values: ValueRow[]) => {
    if (values.length === 0) return;
    await query
      .deleteFrom('directory_value')
      .where('tenant_id', '=', tenantId)
      .where('kind', '=', kind)
      .where('object_id', '=', id)
      .where((is) => is.or(values.map(({ attribute, key }) => is.and({ attribute, value_key: key }))))
      .execute();
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
      await query.insertInto('directory_object').values(toRow(tenantId, object)).execute();
      await takeNames(tenantId, object.id, nameRows(kind, object.attributes));
      await addValues(tenantId, object, valueRows(kind, object));
      await changes.append([
        { tenantId, at: object.createdAt, kind: object.kind, objectId: object.id, verb: 'created', detail: null },
      ]);
    },

    async update(tenantId, before, after) {
      const kind = kinds.get(before.kind);
      await saveDocument(tenantId, before, after);
      const names = difference(nameRows(kind, before.attributes), nameRows(kind, after.attributes), nameOf);
      const values = difference(valueRows(kind, before), valueRows(kind, after), entryOf);
      await leaveNames(tenantId, names.removed);
      await takeNames(tenantId, after.id, names.added);
      await removeValues(tenantId, before, values.removed);
      await addValues(tenantId, after, values.added);
      const attributes = changedAttributes(before, after);
      await changes.append([
        {
          tenantId,
          at: after.modifiedAt,
          kind: after.kind,
          objectId: after.id,
          verb: 'updated',
          detail: { attributes },
        },
      ]);
    },

    async setDeleted(tenantId, before, after) {
      const kind = kinds.get(before.kind);
      await saveDocument(tenantId, before, after);
      const names = nameRows(kind, before.attributes);
      if (after.deletedAt) {
        await leaveNames(tenantId, names);
        await removeValues(tenantId, before, valueRows(kind, before));
        if (after.kind === 'group') await nesting.leave(tenantId, after.id);
      } else {
        await takeNames(tenantId, after.id, nameRows(kind, after.attributes));
        await addValues(tenantId, after, valueRows(kind, after));
        if (after.kind === 'group') await nesting.enter(tenantId, after.id);
      }
      const verb = after.deletedAt ? 'deleted' : 'restored';
      const at = after.deletedAt ?? after.modifiedAt;
      await changes.append([{ tenantId, at, kind: after.kind, objectId: after.id, verb, detail: null }]);
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
