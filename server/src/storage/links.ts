import { type RawBuilder, sql } from 'kysely';
import type { ChangeFeed, DirectoryObject, Link, LinkPage, LinkStore, Page } from '../directory/index.ts';
import type { Query } from './engine.ts';
import type { GroupNesting } from './group-nesting.ts';
import { fromRow } from './object-row.ts';
import type { DirectoryObjectTable } from './schema.ts';

export function linkStore(query: Query, changes: ChangeFeed, nesting: GroupNesting): LinkStore {
  const rowOf = (tenantId: string, link: Link) => ({
    tenant_id: tenantId,
    relation: link.relation,
    from_id: link.fromId,
    to_kind: link.toKind,
    to_id: link.toId,
  });

  const tell = (
    tenantId: string,
    { fromId, fromKind, relation, toId, toKind }: Link,
    verb: 'linked' | 'unlinked',
    at: Date,
  ) => changes.append([{ tenantId, at, kind: fromKind, objectId: fromId, verb, detail: { relation, toId, toKind } }]);

  return {
    async add(tenantId, link, at) {
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('directory_link')
        .values({ ...rowOf(tenantId, link), from_kind: link.fromKind, created_at: at.getTime() })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows !== 1n) return false;
      if (isNesting(link)) await nesting.add(tenantId, link.fromId, link.toId);
      await tell(tenantId, link, 'linked', at);
      return true;
    },

    async remove(tenantId, link, at) {
      const { numDeletedRows } = await query
        .deleteFrom('directory_link')
        .where((is) => is.and(rowOf(tenantId, link)))
        .executeTakeFirst();
      if (numDeletedRows !== 1n) return false;
      if (isNesting(link)) await nesting.remove(tenantId, link.fromId, link.toId);
      await tell(tenantId, link, 'unlinked', at);
      return true;
    },

    async has(tenantId, link) {
      const found = query.selectFrom('directory_link').select('to_id');
      return (await found.where((is) => is.and(rowOf(tenantId, link))).executeTakeFirst()) !== undefined;
    },

    listTo: (tenantId, relation, fromId, page) =>
      readPage(
        query,
        tenantId,
        sql`select to_kind as kind, to_id as id from directory_link
            where tenant_id = ${tenantId} and relation = ${relation} and from_id = ${fromId}`,
        { kind: sql`to_kind`, id: sql`to_id` },
        page,
      ),

    listFrom: (tenantId, relation, toId, page) =>
      readPage(
        query,
        tenantId,
        sql`select from_kind as kind, from_id as id from directory_link
            where tenant_id = ${tenantId} and relation = ${relation} and to_id = ${toId}`,
        { kind: sql`from_kind`, id: sql`from_id` },
        page,
      ),

    async countTo(tenantId, relation, fromId, kind) {
      let links = query
        .selectFrom('directory_link as l')
        .innerJoin('directory_object as o', (join) =>
          join.onRef('o.tenant_id', '=', 'l.tenant_id').onRef('o.id', '=', 'l.to_id'),
        )
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('l.tenant_id', '=', tenantId)
        .where('relation', '=', relation)
        .where('from_id', '=', fromId)
        .where('o.deleted_at', 'is', null);
      if (kind !== undefined) links = links.where('to_kind', '=', kind);
      return Number((await links.executeTakeFirstOrThrow()).count);
    },

    async listTransitiveGroupIds(tenantId, memberId, among) {
      if (among?.length === 0) return [];
      const isAmong = (id: RawBuilder<string>) => (among ? sql`${id} in (${sql.join(among)})` : sql`1 = 1`);
      const direct = sql`
        from directory_link l
        join directory_object g on g.tenant_id = l.tenant_id and g.id = l.from_id and g.deleted_at is null`;
      const ofMember = sql`
        l.tenant_id = ${tenantId} and l.relation = 'member' and l.to_id = ${memberId} and l.from_kind = 'group'`;
      const { rows } = await sql<{ id: string }>`
        select l.from_id as id ${direct} where ${ofMember} and ${isAmong(sql`l.from_id`)}
        union
        select c.ancestor_id as id ${direct}
        join group_closure c on c.tenant_id = l.tenant_id and c.descendant_id = l.from_id
        where ${ofMember} and ${isAmong(sql`c.ancestor_id`)}
        order by id`.execute(query);
      return rows.map((row) => row.id);
    },

    listTransitiveMembers: (tenantId, groupId, page) =>
      readPage(
        query,
        tenantId,
        sql`select distinct to_kind as kind, to_id as id from directory_link
            where tenant_id = ${tenantId} and relation = 'member' and from_id in (
              select descendant_id from group_closure where tenant_id = ${tenantId} and ancestor_id = ${groupId}
              union select id from directory_object
              where tenant_id = ${tenantId} and id = ${groupId} and deleted_at is null)`,
        { kind: sql`to_kind`, id: sql`to_id` },
        page,
      ),
  };
}

function isNesting({ relation, fromKind, toKind }: Link): boolean {
  return relation === 'member' && fromKind === 'group' && toKind === 'group';
}

/**
 * The living objects whose kind and id the links give, in that order, which is the order of the links' indexes. Deleted
 * ones are left out, so that more links than objects may be read.
 */
async function readPage(
  query: Query,
  tenantId: string,
  links: RawBuilder<unknown>,
  column: { kind: RawBuilder<string>; id: RawBuilder<string> },
  { kind, limit, after }: LinkPage,
): Promise<Page<DirectoryObject>> {
  const ofKind = kind === undefined ? sql`1 = 1` : sql`${column.kind} = ${kind}`;
  const further = after === undefined ? sql`1 = 1` : sql`(${column.kind}, ${column.id}) > (${after.key}, ${after.id})`;
  const { rows } = await sql<DirectoryObjectTable>`
    select o.* from (${links} and ${ofKind} and ${further}) l
    join directory_object o on o.tenant_id = ${tenantId} and o.id = l.id and o.deleted_at is null
    order by l.kind, l.id limit ${limit + 1}`.execute(query);
  const items = rows.slice(0, limit).map(fromRow);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, nextAfter: { key: last.kind, id: last.id } } : { items };
}
