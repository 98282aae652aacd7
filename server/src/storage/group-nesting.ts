import { type RawBuilder, sql } from 'kysely';
import type { Engine, Query } from './engine.ts';
import { refuse } from './errors.ts';
import { isFoundLiving } from './object-row.ts';
import type { DirectoryLinkTable } from './schema.ts';

/** Most paths over which one group may be in another. Products of two such numbers stay exact everywhere. */
const mostPaths = 2 ** 26;

/**
 * Which group contains which through others, and over how many paths. A new membership of c in p adds, for every a that
 * is p or contains it, and every d that is c or is in it, paths(a, p) * paths(c, d) paths from a to d; its removal takes
 * as many away. So a change looks at no more than the groups above and below it. Deleted groups are on no path.
 *
 * Changes of one tenant's nesting exclude each other until their transactions end.
 */
export interface GroupNesting {
  /**
   * Tells that a group becomes a member of another.
   * @throws Refusal `directory.group_cycle`, `directory.nesting_too_complex`
   */
  add(tenantId: string, groupId: string, memberId: string): Promise<void>;
  remove(tenantId: string, groupId: string, memberId: string): Promise<void>;
  /** Tells that a group was deleted; its memberships are kept. */
  leave(tenantId: string, groupId: string): Promise<void>;
  /**
   * Tells that a group was restored.
   * @throws Refusal `directory.group_cycle`, `directory.nesting_too_complex`
   */
  enter(tenantId: string, groupId: string): Promise<void>;
}

interface Reach {
  id: string;
  paths: number;
}

export function groupNesting(query: Query, engine: Pick<Engine, 'lock'>): GroupNesting {
  const lock = (tenantId: string) => engine.lock(query, `nesting of ${tenantId}`);

  const above = (tenantId: string, id: string) =>
    sql<Reach>`select ancestor_id as id, paths from group_closure where tenant_id = ${tenantId} and descendant_id = ${id}`;
  const below = (tenantId: string, id: string) =>
    sql<Reach>`select descendant_id as id, paths from group_closure where tenant_id = ${tenantId} and ancestor_id = ${id}`;
  const withItself = (reach: RawBuilder<Reach>, id: string) => sql<Reach>`${reach} union all select ${id}, 1`;

  /** Every pair of a group above and a group below, with the number of paths that join them. */
  const pairs = (tenantId: string, ancestors: RawBuilder<Reach>, descendants: RawBuilder<Reach>) => sql`
    select ${tenantId} as tenant_id, a.id as ancestor_id, d.id as descendant_id, a.paths * d.paths as paths
    from (${ancestors}) a cross join (${descendants}) d`;

  const subtract = async (tenantId: string, lost: RawBuilder<unknown>) => {
    await sql`
      update group_closure set paths = group_closure.paths - p.paths from (${lost}) p
      where group_closure.tenant_id = p.tenant_id and group_closure.ancestor_id = p.ancestor_id
        and group_closure.descendant_id = p.descendant_id`.execute(query);
    // What was subtracted is still the same: no pair on whose paths it depends is among the lost ones.
    await sql`
      delete from group_closure where tenant_id = ${tenantId} and paths = 0
        and (ancestor_id, descendant_id) in (select ancestor_id, descendant_id from (${lost}) p)`.execute(query);
  };

  const areLiving = async (tenantId: string, ids: string[]) => {
    const living = await query
      .selectFrom('directory_object')
      .select('id')
      .where('tenant_id', '=', tenantId)
      .where('id', 'in', ids)
      .where(isFoundLiving('directory_object'))
      .execute();
    return living.length === new Set(ids).size;
  };

  const mostPathsOf = async (reach: RawBuilder<Reach>) => {
    const { rows } = await sql<{ most: number | null }>`select max(paths) as most from (${reach}) r`.execute(query);
    return rows[0]?.most ?? 1;
  };

  const join = async (tenantId: string, groupId: string, memberId: string) => {
    const ancestors = above(tenantId, groupId);
    const descendants = below(tenantId, memberId);
    const { rows: cycle } = await sql`
      select 1 from (${withItself(descendants, memberId)}) d where d.id = ${groupId} limit 1`.execute(query);
    if (cycle.length > 0) throw refuse('directory.group_cycle', { groupId, memberId });
    if ((await mostPathsOf(ancestors)) * (await mostPathsOf(descendants)) > mostPaths) {
      throw refuse('directory.nesting_too_complex', { groupId, memberId, most: mostPaths });
    }
    await sql`
      insert into group_closure (tenant_id, ancestor_id, descendant_id, paths)
      select * from (${pairs(tenantId, withItself(ancestors, groupId), withItself(descendants, memberId))}) p where 1 = 1
      on conflict (tenant_id, ancestor_id, descendant_id)
      do update set paths = group_closure.paths + excluded.paths`.execute(query);
  };

  return {
    async add(tenantId, groupId, memberId) {
      await lock(tenantId);
      if (await areLiving(tenantId, [groupId, memberId])) await join(tenantId, groupId, memberId);
    },

    async remove(tenantId, groupId, memberId) {
      await lock(tenantId);
      if (!(await areLiving(tenantId, [groupId, memberId]))) return;
      const ancestors = withItself(above(tenantId, groupId), groupId);
      const descendants = withItself(below(tenantId, memberId), memberId);
      await subtract(tenantId, pairs(tenantId, ancestors, descendants));
    },

    async leave(tenantId, groupId) {
      await lock(tenantId);
      await subtract(tenantId, pairs(tenantId, above(tenantId, groupId), below(tenantId, groupId)));
      await query
        .deleteFrom('group_closure')
        .where('tenant_id', '=', tenantId)
        .where((is) => is.or({ ancestor_id: groupId, descendant_id: groupId }))
        .execute();
    },

    async enter(tenantId, groupId) {
      await lock(tenantId);
      const isNesting = sql`l.tenant_id = ${tenantId} and l.relation = 'member' and l.from_kind = 'group' and l.to_kind = 'group'`;
      const isLiving = (id: RawBuilder<string>) => sql`
        exists (select 1 from directory_object o where o.tenant_id = ${tenantId} and o.id = ${id} and ${isFoundLiving('o')})`;
      const { rows: memberships } = await sql<Pick<DirectoryLinkTable, 'from_id' | 'to_id'>>`
        select from_id, to_id from directory_link l where ${isNesting} and to_id = ${groupId} and ${isLiving(sql`from_id`)}
        union all
        select from_id, to_id from directory_link l where ${isNesting} and from_id = ${groupId} and ${isLiving(sql`to_id`)}`.execute(
        query,
      );
      for (const { from_id, to_id } of memberships) await join(tenantId, from_id, to_id);
    },
  };
}
