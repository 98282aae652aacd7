import { type RawBuilder, sql } from 'kysely';
import type { ChangeFeed, DirectoryObject, Link, LinkPage, LinkStore, Page, Relation } from '../directory/index.ts';
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

    async listTo(tenantId, relation, fromId, page) {
      const { rows } = await linkedFrom(tenantId, relation, fromId, page).execute(query);
      return pageOf(rows, page);
    },

    async listFrom(tenantId, relation, toId, page) {
      const links = sql`relation = ${relation} and to_id = ${toId}`;
      const { rows } = await linked(tenantId, links, ['from_kind', 'from_id'], page).execute(query);
      return pageOf(rows, page);
    },

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
      const direct = sql`
        select g.id from directory_link l
        join directory_object g on g.tenant_id = l.tenant_id and g.id = l.from_id and g.deleted_at is null
        where l.tenant_id = ${tenantId} and l.relation = 'member' and l.to_id = ${memberId} and l.from_kind = 'group'`;
      // The cross join keeps SQLite from going through all nesting of the tenant.
      const { rows } = await sql<{ id: string }>`
        select id from (
          ${direct}
          union
          select c.ancestor_id as id from (${direct}) d cross join group_closure c
          where c.tenant_id = ${tenantId} and c.descendant_id = d.id
        ) found where ${among ? sql`id in (${sql.join(among)})` : sql`1 = 1`} order by id`.execute(query);
      return rows.map((row) => row.id);
    },

    async listTransitiveMembers(tenantId, groupId, page) {
      const { rows: groups } = await sql<{ id: string }>`
        select descendant_id as id from group_closure where tenant_id = ${tenantId} and ancestor_id = ${groupId}
        union all
        select id from directory_object where tenant_id = ${tenantId} and id = ${groupId} and deleted_at is null`.execute(
        query,
      );
      const found = new Map<string, DirectoryObjectTable>();
      for (let start = 0; start < groups.length; start += mostTogether) {
        const parts = groups
          .slice(start, start + mostTogether)
          .map(({ id }) => sql`select * from (${linkedFrom(tenantId, 'member', id, page)}) g`);
        const members = sql<DirectoryObjectTable>`
          ${sql.join(parts, sql` union `)} order by kind, id limit ${page.limit + 1}`;
        for (const row of (await members.execute(query)).rows) found.set(`${row.kind} ${row.id}`, row);
      }
      const inOrder = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
      return pageOf(inOrder, page);
    },
  };
}

/** Groups whose members are read by one statement: SQLite joins at most 500 selects. */
const mostTogether = 100;

function isNesting({ relation, fromKind, toKind }: Link): boolean {
  return relation === 'member' && fromKind === 'group' && toKind === 'group';
}

/** A page of what the object points to, and one more. */
function linkedFrom(tenantId: string, relation: Relation, fromId: string, page: LinkPage) {
  const links = sql`relation = ${relation} and from_id = ${fromId}`;
  return linked(tenantId, links, ['to_kind', 'to_id'], page);
}

/**
 * The living objects at the ends of links, a page and one more, in the order of the links' index: by kind and id. Deleted
 * ones are left out, so that more links than objects may be read.
 */
function linked(
  tenantId: string,
  links: RawBuilder<unknown>,
  end: [kind: string, id: string],
  { kind, limit, after }: LinkPage,
): RawBuilder<DirectoryObjectTable> {
  const [endKind, endId] = end.map((column) => sql.ref(column));
  const ofKind = kind === undefined ? sql`1 = 1` : sql`${endKind} = ${kind}`;
  const further = after === undefined ? sql`1 = 1` : sql`(${endKind}, ${endId}) > (${after.key}, ${after.id})`;
  return sql`
    select o.* from (
      select ${endKind} as kind, ${endId} as id from directory_link
      where tenant_id = ${tenantId} and ${links} and ${ofKind} and ${further}
    ) l join directory_object o on o.tenant_id = ${tenantId} and o.id = l.id and o.deleted_at is null
    order by l.kind, l.id limit ${limit + 1}`;
}

function pageOf(rows: DirectoryObjectTable[], { limit }: LinkPage): Page<DirectoryObject> {
  const items = rows.slice(0, limit).map(fromRow);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, nextAfter: { key: last.kind, id: last.id } } : { items };
}
