import { sql } from 'kysely';
import type { AuditEvent } from '../audit/index.ts';
import {
  type Change,
  type ChangeFeed,
  type DirectoryObject,
  isStorable,
  type ObjectStore,
  type PagePosition,
} from '../directory/index.ts';
import { insertAuditEvents } from './audit.ts';
import { insertChanges } from './change-feed.ts';
import type { Engine, Query } from './engine.ts';
import { refuse } from './errors.ts';
import type { GroupNesting } from './group-nesting.ts';
import { indexRows, isExact, rowsMissing } from './index-rows.ts';
import { objectIndex } from './object-index.ts';
import type { ObjectKinds } from './object-kinds.ts';
import { countObjects, listObjects } from './object-list.ts';
import { purgeReferences } from './object-references.ts';
import { fromRow, insertDocuments, updateDocument } from './object-row.ts';
import type { DirectoryObjectTable } from './schema.ts';
import { plain, type Statement, statement } from './statement.ts';
import { textKey } from './value-key.ts';

export function objectStore(
  query: Query,
  engine: Pick<Engine, 'rowLock' | 'changeOrder' | 'table' | 'oneOf' | 'run' | 'writeAll'>,
  kinds: ObjectKinds,
  changes: ChangeFeed,
  nesting: GroupNesting,
): ObjectStore {
  const index = objectIndex(query, engine);

  const find = async (tenantId: string, id: string, lock = plain('')) => {
    const found = statement`select * from directory_object where tenant_id = ${tenantId} and id = ${id} ${lock}`;
    const [row] = (await engine.run<DirectoryObjectTable>(query, found)).rows;
    return row && fromRow(row);
  };

  const changeOf = (tenantId: string, { id, kind }: DirectoryObject, change: Pick<Change, 'verb' | 'at' | 'detail'>) =>
    insertChanges(engine, [{ tenantId, kind, objectId: id, ...change }]);

  const saveDocument = async (tenantId: string, before: DirectoryObject, after: DirectoryObject) => {
    const { numAffectedRows } = await engine.run(query, updateDocument(tenantId, before, after));
    if (numAffectedRows !== 1n) throw refuse('directory.changed_meanwhile', { kind: before.kind, id: before.id });
  };

  return {
    async insert(tenantId, objects, events = []) {
      const indexed = objects.map((object) => ({ object, rows: indexRows(kinds.get(object.kind), object) }));
      const created = objects.map(({ id, kind, createdAt }) => {
        return { tenantId, kind, objectId: id, verb: 'created', at: createdAt, detail: null } as const;
      });
      const documents = insertDocuments(engine, tenantId, objects);
      await index.add(tenantId, indexed, [documents, insertChanges(engine, created), ...told(engine, events)]);
    },

    async update(tenantId, before, after, events = []) {
      const kind = kinds.get(after.kind);
      const had = indexRows(kind, before);
      const has = indexRows(kind, after);
      await saveDocument(tenantId, before, after);
      await index.remove(tenantId, { object: before, rows: rowsMissing(had, has) });
      const detail = { attributes: changedAttributes(before, after) };
      const change = changeOf(tenantId, after, { verb: 'updated', at: after.modifiedAt, detail });
      const others = [change, ...told(engine, events)];
      await index.add(tenantId, [{ object: after, rows: rowsMissing(has, had) }], others);
    },

    async setDeleted(tenantId, before, after) {
      const rows = indexRows(kinds.get(after.kind), after.deletedAt ? before : after);
      await saveDocument(tenantId, before, after);
      if (after.deletedAt) {
        if (after.kind === 'group') await nesting.leave(tenantId, after.id);
        await index.remove(tenantId, { object: before, rows });
        await engine.run(query, changeOf(tenantId, after, { verb: 'deleted', at: after.deletedAt, detail: null }));
      } else {
        if (after.kind === 'group') await nesting.enter(tenantId, after.id);
        const change = changeOf(tenantId, after, { verb: 'restored', at: after.modifiedAt, detail: null });
        await index.add(tenantId, [{ object: after, rows }], [change]);
      }
    },

    async purge(tenantId, { id, kind }, at) {
      await query.deleteFrom('directory_object').where('tenant_id', '=', tenantId).where('id', '=', id).execute();
      await purgeReferences(query, tenantId, id);
      await changes.append([{ tenantId, at, kind, objectId: id, verb: 'purged', detail: null }]);
    },

    async find(tenantId, id, includeDeleted = false) {
      const object = await find(tenantId, id);
      return includeDeleted || object?.deletedAt === null ? object : undefined;
    },

    findToChange: (tenantId, id) => find(tenantId, id, engine.rowLock),

    async findMany(tenantId, ids) {
      if (ids.length === 0) return [];
      const those = statement`
        select * from directory_object where tenant_id = ${tenantId} and ${engine.oneOf('id', ids)}`;
      const { rows } = await engine.run<DirectoryObjectTable>(query, those);
      const living = rows.filter(({ deleted_at }) => deleted_at === null);
      const found = new Map(living.map((row) => [row.id, fromRow(row)]));
      return [...new Set(ids)].flatMap((id) => found.get(id) ?? []);
    },

    async findByName(tenantId, space, name) {
      // Names come from whoever asks; PostgreSQL fails on those that it could not keep.
      if (!isStorable(name)) return undefined;
      const key = textKey(name, isExact(kinds.uniqueAttribute(space)));
      const { rows } = await engine.run<DirectoryObjectTable>(
        query,
        statement`
          select o.* from directory_name n join directory_object o on o.tenant_id = n.tenant_id and o.id = n.object_id
          where n.tenant_id = ${tenantId} and n.space = ${space} and n.name_key = ${key}`,
      );
      return rows[0] && fromRow(rows[0]);
    },

    list: (tenantId, wanted) => listObjects(engine, query, tenantId, kinds.get(wanted.kind), wanted),
    count: (tenantId, kind, filter) => countObjects(engine, query, tenantId, kinds.get(kind), filter),

    async listDeleted(tenantId, kind, limit, after) {
      let rows = query
        .selectFrom('directory_object')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('kind', '=', kind)
        .where('deleted_at', 'is not', null);
      if (after) {
        const deletedAt = Number(after.key);
        rows = rows.where(sql<number>`(deleted_at, id)`, '>', sql<number>`(${deletedAt}, ${after.id})`);
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

function told(engine: Pick<Engine, 'table'>, events: readonly AuditEvent[]): Statement[] {
  return events.length > 0 ? [insertAuditEvents(engine, events)] : [];
}

/** Names of the attributes that differ. */
function changedAttributes(before: DirectoryObject, after: DirectoryObject): string[] {
  const names = new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)]);
  const text = (object: DirectoryObject, name: string) => JSON.stringify(object.attributes[name]);
  return [...names].filter((name) => text(before, name) !== text(after, name)).sort();
}
