import type { Engine, Query } from './engine.ts';
import { refuse } from './errors.ts';
import { isFoundLiving } from './object-row.ts';
import type { DirectoryLinkTable } from './schema.ts';
import { plain, type Statement, statement } from './statement.ts';

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

export function groupNesting(query: Query, engine: Pick<Engine, 'lock' | 'oneOf' | 'run'>): GroupNesting {
  const run = <Row>(one: Statement) => engine.run<Row>(query, one);
  const lock = (tenantId: string) => engine.lock(query, `nesting of ${tenantId}`);

  const above = (tenantId: string, id: string) =>
    statement`select ancestor_id as id, paths from group_closure where tenant_id = ${tenantId} and descendant_id = ${id}`;
  const below = (tenantId: string, id: string) =>
    statement`select descendant_id as id, paths from group_closure where tenant_id = ${tenantId} and ancestor_id = ${id}`;
  const withItself = (reach: Statement, id: string) => statement`${reach} union all select ${id}, 1`;

  /** Every pair of a group above and a group below, with the number of paths that join them. */
  const pairs = (tenantId: string, ancestors: Statement, descendants: Statement) => statement`
    select ${tenantId} as tenant_id, a.id as ancestor_id, d.id as descendant_id, a.paths * d.paths as paths
    from (${ancestors}) a cross join (${descendants}) d`;

  const subtract = async (tenantId: string, lost: Statement) => {
    await run(statement`
      update group_closure set paths = group_closure.paths - p.paths from (${lost}) p
      where group_closure.tenant_id = p.tenant_id and group_closure.ancestor_id = p.ancestor_id
        and group_closure.descendant_id = p.descendant_id`);
    // What was subtracted is still the same: no pair on whose paths it depends is among the lost ones.
    await run(statement`
      delete from group_closure where tenant_id = ${tenantId} and paths = 0
        and (ancestor_id, descendant_id) in (select ancestor_id, descendant_id from (${lost}) p)`);
  };

  const areLiving = async (tenantId: string, ids: string[]) => {
    const { rows } = await run(statement`
      select id from directory_object
      where tenant_id = ${tenantId} and ${engine.oneOf('id', ids)} and ${isFoundLiving('directory_object')}`);
    return rows.length === new Set(ids).size;
  };

  const mostPathsOf = async (reach: Statement) => {
    const { rows } = await run<{ most: number | null }>(statement`select max(paths) as most from (${reach}) r`);
    return rows[0]?.most ?? 1;
  };

  const join = async (tenantId: string, groupId: string, memberId: string) => {
    const ancestors = above(tenantId, groupId);
    const descendants = below(tenantId, memberId);
    const { rows: cycle } = await run(statement`
      select 1 from (${withItself(descendants, memberId)}) d where d.id = ${groupId} limit 1`);
    if (cycle.length > 0) throw refuse('directory.group_cycle', { groupId, memberId });
    if ((await mostPathsOf(ancestors)) * (await mostPathsOf(descendants)) > mostPaths) {
      throw refuse('directory.nesting_too_complex', { groupId, memberId, most: mostPaths });
    }
    await run(statement`
      insert into group_closure (tenant_id, ancestor_id, descendant_id, paths)
      select * from (${pairs(tenantId, withItself(ancestors, groupId), withItself(descendants, memberId))}) p where 1 = 1
      on conflict (tenant_id, ancestor_id, descendant_id)
      do update set paths = group_closure.paths + excluded.paths`);
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
      await run(statement`
        delete from group_closure
        where tenant_id = ${tenantId} and (ancestor_id = ${groupId} or descendant_id = ${groupId})`);
    },

    async enter(tenantId, groupId) {
      await lock(tenantId);
      const isNesting = statement`l.tenant_id = ${tenantId} and l.relation = 'member' and l.from_kind = 'group' and l.to_kind = 'group'`;
      const isLiving = (id: Statement) => statement`
        exists (select 1 from directory_object o where o.tenant_id = ${tenantId} and o.id = ${id} and ${isFoundLiving('o')})`;
      const { rows: memberships } = await run<Pick<DirectoryLinkTable, 'from_id' | 'to_id'>>(statement`
        select from_id, to_id from directory_link l where ${isNesting} and to_id = ${groupId} and ${isLiving(plain('from_id'))}
        union all
        select from_id, to_id from directory_link l where ${isNesting} and from_id = ${groupId} and ${isLiving(plain('to_id'))}`);
      for (const { from_id, to_id } of memberships) await join(tenantId, from_id, to_id);
    },
  };
}
