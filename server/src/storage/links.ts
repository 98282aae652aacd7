import type { AuditEvent } from '../audit/index.ts';
import type { DirectoryObject, Link, LinkPage, LinkStore, Page, Relation } from '../directory/index.ts';
import { insertAuditEvents } from './audit.ts';
import { insertChanges } from './change-feed.ts';
import type { Engine, Query } from './engine.ts';
import type { GroupNesting } from './group-nesting.ts';
import { fromRow, isFoundLiving, touchObject } from './object-row.ts';
import type { DirectoryObjectTable } from './schema.ts';
import { listed, plain, type Statement, statement } from './statement.ts';

export function linkStore(
  query: Query,
  engine: Pick<Engine, 'changeOrder' | 'table' | 'oneOf' | 'run' | 'writeAll'>,
  nesting: GroupNesting,
): LinkStore {
  const isRow = (tenantId: string, { relation, fromId, toKind, toId }: Link) => statement`
    tenant_id = ${tenantId} and relation = ${relation} and from_id = ${fromId} and to_kind = ${toKind} and to_id = ${toId}`;

  const tell = async (
    tenantId: string,
    links: readonly Link[],
    verb: 'linked' | 'unlinked',
    at: Date,
    events: readonly AuditEvent[],
  ) => {
    const [first] = links;
    if (first === undefined) return;
    const changes = links.map(({ fromId, fromKind, relation, toId, toKind }) => {
      return { tenantId, at, kind: fromKind, objectId: fromId, verb, detail: { relation, toId, toKind } };
    });
    const audited = events.length > 0 ? [insertAuditEvents(engine, events)] : [];
    const touched = versioned.includes(first.relation) ? touchObject(tenantId, first.fromId, at) : [];
    await engine.writeAll(query, [insertChanges(engine, changes), ...audited, ...touched]);
  };

  /** The other ends of links of one object, as rows. */
  const ends = (links: readonly Link[]) =>
    engine.table(
      ['to_kind', 'to_id'],
      links.map(({ toKind, toId }) => [toKind, toId]),
    );

  return {
    async add(tenantId, link, at, events = []) {
      const { relation, fromId, fromKind, toKind, toId } = link;
      const { numAffectedRows } = await engine.run(
        query,
        statement`
          insert into directory_link (tenant_id, relation, from_id, from_kind, to_kind, to_id, created_at)
          values (${tenantId}, ${relation}, ${fromId}, ${fromKind}, ${toKind}, ${toId}, ${at.getTime()})
          on conflict do nothing`,
      );
      if (numAffectedRows !== 1n) return false;
      if (isNesting(link)) await nesting.add(tenantId, link.fromId, link.toId);
      await tell(tenantId, [link], 'linked', at, events);
      return true;
    },

    async remove(tenantId, link, at, events = []) {
      const { numAffectedRows } = await engine.run(
        query,
        statement`delete from directory_link where ${isRow(tenantId, link)}`,
      );
      if (numAffectedRows !== 1n) return false;
      if (isNesting(link)) await nesting.remove(tenantId, link.fromId, link.toId);
      await tell(tenantId, [link], 'unlinked', at, events);
      return true;
    },

    async addMany(tenantId, links, at, eventOf) {
      const [first] = links;
      if (first === undefined) return [];
      const { relation, fromId, fromKind } = first;
      const { rows } = await engine.run<{ to_id: string }>(
        query,
        statement`
          insert into directory_link (tenant_id, relation, from_id, from_kind, to_kind, to_id, created_at)
          select ${tenantId}, ${relation}, ${fromId}, ${fromKind}, to_kind, to_id, cast(${at.getTime()} as bigint)
          from ${ends(links)} where true
          on conflict do nothing returning to_id`,
      );
      const added = linksTo(links, rows);
      for (const { toId } of added.filter(isNesting)) await nesting.add(tenantId, fromId, toId);
      await tell(tenantId, added, 'linked', at, eventOf ? added.map(eventOf) : []);
      return added;
    },

    async removeMany(tenantId, links, at, eventOf) {
      const [first] = links;
      if (first === undefined) return [];
      const { relation, fromId } = first;
      const { rows } = await engine.run<{ to_id: string }>(
        query,
        statement`
          delete from directory_link where tenant_id = ${tenantId} and relation = ${relation} and from_id = ${fromId}
            and (to_kind, to_id) in (select to_kind, to_id from ${ends(links)}) returning to_id`,
      );
      const removed = linksTo(links, rows);
      for (const { toId } of removed.filter(isNesting)) await nesting.remove(tenantId, fromId, toId);
      await tell(tenantId, removed, 'unlinked', at, eventOf ? removed.map(eventOf) : []);
      return removed;
    },

    async has(tenantId, link) {
      const found = statement`select to_id from directory_link where ${isRow(tenantId, link)}`;
      return (await engine.run(query, found)).rows.length > 0;
    },

    async listTo(tenantId, relation, fromId, page) {
      const linked = linkedFrom(tenantId, relation, fromId, page);
      const { rows } = await engine.run<DirectoryObjectTable>(query, linked);
      return pageOf(rows, page);
    },

    async listFrom(tenantId, relation, toId, page) {
      const links = statement`relation = ${relation} and to_id = ${toId}`;
      const found = linked(tenantId, links, ['from_kind', 'from_id'], page);
      const { rows } = await engine.run<DirectoryObjectTable>(query, found);
      return pageOf(rows, page);
    },

    async listOfMany(tenantId, relation, side, ids) {
      if (ids.length === 0) return [];
      const [own, other] = side === 'pointing' ? ['from_id', 'to_id'] : ['to_id', 'from_id'];
      const linked = statement`
        select o.*, l.${plain(own)} as own_id from directory_link l
        join directory_object o on o.tenant_id = l.tenant_id and o.id = l.${plain(other)} and ${isFoundLiving('o')}
        where l.tenant_id = ${tenantId} and l.relation = ${relation} and ${engine.oneOf(`l.${own}`, ids)}
        order by o.id`;
      const { rows } = await engine.run<DirectoryObjectTable & { own_id: string }>(query, linked);
      return rows.map((row) => ({ id: row.own_id, other: fromRow(row) }));
    },

    async countTo(tenantId, relation, fromId, kind) {
      const ofKind = kind === undefined ? plain('1 = 1') : statement`l.to_kind = ${kind}`;
      const counted = statement`
        select count(*) as count from directory_link l
        join directory_object o on o.tenant_id = l.tenant_id and o.id = l.to_id and ${isFoundLiving('o')}
        where l.tenant_id = ${tenantId} and l.relation = ${relation} and l.from_id = ${fromId} and ${ofKind}`;
      return Number((await engine.run<{ count: number | string }>(query, counted)).rows[0]?.count);
    },

    // Small statements one after another: most objects are in few groups or none, and no planner has to guess how many.
    async listTransitiveGroupIds(tenantId, memberId, among) {
      const links = await engine.run<{ id: string }>(
        query,
        statement`
          select from_id as id from directory_link
          where tenant_id = ${tenantId} and relation = 'member' and to_id = ${memberId} and from_kind = 'group'`,
      );
      if (links.rows.length === 0 || among?.length === 0) return [];
      const direct = await engine.run<{ id: string }>(
        query,
        statement`
          select id from directory_object
          where tenant_id = ${tenantId} and ${engine.oneOf('id', idsIn(links))} and ${isFoundLiving('directory_object')}`,
      );
      if (direct.rows.length === 0) return [];
      const above = await engine.run<{ id: string }>(
        query,
        statement`
          select distinct ancestor_id as id from group_closure
          where tenant_id = ${tenantId} and ${engine.oneOf('descendant_id', idsIn(direct))}`,
      );
      const found = new Set([...idsIn(direct), ...idsIn(above)]);
      const wanted = among && new Set(among);
      return [...found].filter((id) => !wanted || wanted.has(id)).sort();
    },

    async listTransitiveMembers(tenantId, groupId, page) {
      const groups = statement`
        select descendant_id as id from group_closure where tenant_id = ${tenantId} and ancestor_id = ${groupId}
        union all
        select id from directory_object
        where tenant_id = ${tenantId} and id = ${groupId} and ${isFoundLiving('directory_object')}`;
      const ids = idsIn(await engine.run<{ id: string }>(query, groups));
      const found = new Map<string, DirectoryObjectTable>();
      for (let start = 0; start < ids.length; start += mostTogether) {
        const parts = ids
          .slice(start, start + mostTogether)
          .map((id) => statement`select * from (${linkedFrom(tenantId, 'member', id, page)}) g`);
        const members = statement`${listed(parts, ' union ')} order by kind, id limit ${page.limit + 1}`;
        const { rows } = await engine.run<DirectoryObjectTable>(query, members);
        for (const row of rows) found.set(`${row.kind} ${row.id}`, row);
      }
      const inOrder = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
      return pageOf(inOrder, page);
    },
  };
}

/** Relations that are part of the object from which they start. */
const versioned: readonly Relation[] = ['member', 'manager'];

/** Groups whose members are read by one statement: SQLite joins at most 500 selects. */
const mostTogether = 100;

function idsIn({ rows }: { rows: readonly { id: string }[] }): string[] {
  return rows.map(({ id }) => id);
}

/** Those of the links whose other end is among the rows. */
function linksTo(links: readonly Link[], rows: readonly { to_id: string }[]): Link[] {
  const found = new Set(rows.map((row) => row.to_id));
  return links.filter(({ toId }) => found.has(toId));
}

function isNesting({ relation, fromKind, toKind }: Link): boolean {
  return relation === 'member' && fromKind === 'group' && toKind === 'group';
}

/** A page of what the object points to, and one more. */
function linkedFrom(tenantId: string, relation: Relation, fromId: string, page: LinkPage): Statement {
  const links = statement`relation = ${relation} and from_id = ${fromId}`;
  return linked(tenantId, links, ['to_kind', 'to_id'], page);
}

/**
 * The living objects at the ends of links, a page and one more, in the order of the links' index: by kind and id. Deleted
 * ones are left out, so that more links than objects may be read.
 */
function linked(
  tenantId: string,
  links: Statement,
  end: [kind: string, id: string],
  { kind, limit, after }: LinkPage,
): Statement {
  const [endKind, endId] = end.map(plain);
  const ofKind = kind === undefined ? plain('1 = 1') : statement`${endKind} = ${kind}`;
  const further =
    after === undefined ? plain('1 = 1') : statement`(${endKind}, ${endId}) > (${after.key}, ${after.id})`;
  return statement`
    select o.* from (
      select ${endKind} as kind, ${endId} as id from directory_link
      where tenant_id = ${tenantId} and ${links} and ${ofKind} and ${further}
    ) l join directory_object o on o.tenant_id = ${tenantId} and o.id = l.id and ${isFoundLiving('o')}
    order by l.kind, l.id limit ${limit + 1}`;
}

function pageOf(rows: DirectoryObjectTable[], { limit }: LinkPage): Page<DirectoryObject> {
  const items = rows.slice(0, limit).map(fromRow);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, nextAfter: { key: last.kind, id: last.id } } : { items };
}
