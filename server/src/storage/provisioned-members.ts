import { sql } from 'kysely';
import type { ProvisionedMember, ProvisionedMemberStore } from '../provisioning/index.ts';
import type { Engine, Query } from './engine.ts';
import { statement } from './statement.ts';

/** Rows that one statement inserts. */
const rowsAtOnce = 500;

export function provisionedMemberStore(
  query: Query,
  { table, run }: Pick<Engine, 'table' | 'run'>,
): ProvisionedMemberStore {
  const members = (tenantId: string, jobId: string) =>
    query.selectFrom('provisioned_member').where('tenant_id', '=', tenantId).where('job_id', '=', jobId);

  return {
    async markDue(tenantId, jobId, groupId, memberIds, at) {
      for (let start = 0; start < memberIds.length; start += rowsAtOnce) {
        const rows = memberIds.slice(start, start + rowsAtOnce).map((memberId) => ({
          tenant_id: tenantId,
          job_id: jobId,
          group_id: groupId,
          member_id: memberId,
          is_sent: 0,
          is_uncertain: 0,
          due_at: at.getTime(),
          mark: 1,
        }));
        await query
          .insertInto('provisioned_member')
          .values(rows)
          .onConflict((conflict) =>
            conflict
              .columns(['tenant_id', 'job_id', 'group_id', 'member_id'])
              .doUpdateSet({ due_at: at.getTime(), mark: sql`provisioned_member.mark + 1` }),
          )
          .execute();
      }
    },

    async markMembershipsDue(tenantId, jobId, memberIds, at) {
      if (memberIds.length === 0) return;
      const members = table(
        ['id'],
        memberIds.map((id) => [id]),
      );
      const marked = statement`
        insert into provisioned_member
          (tenant_id, job_id, group_id, member_id, is_sent, is_uncertain, due_at, mark)
        select l.tenant_id, g.job_id, l.from_id, l.to_id, 0, 0, cast(${at.getTime()} as bigint), 1
        from ${members} cross join directory_link l
        join provisioned_object g
          on g.tenant_id = l.tenant_id and g.job_id = ${jobId} and g.source_id = l.from_id and g.state = 'active'
        join directory_object o on o.tenant_id = l.tenant_id and o.id = l.from_id and o.deleted_at is null
        where l.tenant_id = ${tenantId} and l.relation = 'member' and l.to_id = t.id
        on conflict (tenant_id, job_id, group_id, member_id)
          do update set due_at = excluded.due_at, mark = provisioned_member.mark + 1`;
      await run(query, marked);
    },

    async markSentDue(tenantId, jobId, { groupId, memberId }, at) {
      let rows = query
        .updateTable('provisioned_member')
        .set({ due_at: at.getTime(), mark: sql`mark + 1` })
        .where('tenant_id', '=', tenantId)
        .where('job_id', '=', jobId)
        .where('is_sent', '=', 1);
      if (groupId !== undefined) rows = rows.where('group_id', '=', groupId);
      if (memberId !== undefined) rows = rows.where('member_id', '=', memberId);
      await rows.execute();
    },

    async markFound(tenantId, jobId, groupId, memberIds, isSent, at) {
      await this.markDue(tenantId, jobId, groupId, memberIds, at);
      for (let start = 0; start < memberIds.length; start += rowsAtOnce) {
        await query
          .updateTable('provisioned_member')
          .set({ is_sent: isSent ? 1 : 0, is_uncertain: 0 })
          .where('tenant_id', '=', tenantId)
          .where('job_id', '=', jobId)
          .where('group_id', '=', groupId)
          .where('member_id', 'in', memberIds.slice(start, start + rowsAtOnce))
          .execute();
      }
    },

    async markUncertain(tenantId, jobId, asked) {
      for (const [groupId, those] of Map.groupBy(asked, (one) => one.groupId)) {
        await query
          .updateTable('provisioned_member')
          .set({ is_uncertain: 1 })
          .where('tenant_id', '=', tenantId)
          .where('job_id', '=', jobId)
          .where('group_id', '=', groupId)
          .where(
            'member_id',
            'in',
            those.map(({ memberId }) => memberId),
          )
          .execute();
      }
    },

    async forgetSent(tenantId, jobId, id, at) {
      await query
        .updateTable('provisioned_member')
        .set({ is_sent: 0, is_uncertain: 0, due_at: at.getTime(), mark: sql`mark + 1` })
        .where('tenant_id', '=', tenantId)
        .where('job_id', '=', jobId)
        .where('is_sent', '=', 1)
        .where((is) => is.or([is('group_id', '=', id), is('member_id', '=', id)]))
        .execute();
    },

    async listDue(tenantId, jobId, now, limit) {
      const due = members(tenantId, jobId).where('due_at', '<=', now.getTime());
      const first = await due.select('group_id').orderBy('due_at').limit(1).executeTakeFirst();
      if (!first) return [];
      const rows = await due
        .select(['group_id', 'member_id', 'is_sent', 'is_uncertain', 'mark'])
        .where('group_id', '=', first.group_id)
        .orderBy('member_id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        groupId: row.group_id,
        memberId: row.member_id,
        isSent: row.is_sent === 1,
        isUncertain: row.is_uncertain === 1,
        mark: row.mark,
      }));
    },

    async listSent(tenantId, jobId, groupId, limit, afterId = '') {
      const rows = await members(tenantId, jobId)
        .select('member_id')
        .where('group_id', '=', groupId)
        .where('is_sent', '=', 1)
        .where('member_id', '>', afterId)
        .orderBy('member_id')
        .limit(limit)
        .execute();
      return rows.map((row) => row.member_id);
    },

    async save(tenantId, jobId, settled, dueAt) {
      for (const { groupId, isSent, isUncertain, mark, memberIds } of together(settled)) {
        const those = sql`
          tenant_id = ${tenantId} and job_id = ${jobId} and group_id = ${groupId}
          and member_id in (${sql.join(memberIds)})`;
        const isOver = !isSent && dueAt === null;
        await sql`
          update provisioned_member set is_sent = ${isSent ? 1 : 0}, is_uncertain = ${isUncertain ? 1 : 0},
            due_at = case when mark = ${mark} then ${dueAt?.getTime() ?? null} else due_at end
          where ${those}`.execute(query);
        if (isOver) await sql`delete from provisioned_member where ${those} and due_at is null`.execute(query);
      }
    },
  };
}

/** Memberships that one statement can save. */
function together(members: readonly ProvisionedMember[]) {
  const sets = Map.groupBy(members, ({ groupId, isSent, isUncertain, mark }) =>
    JSON.stringify([groupId, isSent, isUncertain, mark]),
  );
  return [...sets.values()].flatMap((set) => {
    const [first] = set;
    return first ? [{ ...first, memberIds: set.map(({ memberId }) => memberId) }] : [];
  });
}
