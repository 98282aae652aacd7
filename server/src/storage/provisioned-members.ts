import { sql } from 'kysely';
import type { ProvisionedMember, ProvisionedMemberStore } from '../provisioning/index.ts';
import type { Engine, Query } from './engine.ts';
import { type Statement, statement } from './statement.ts';

/** Rows that one statement inserts. */
const rowsAtOnce = 500;

export function provisionedMemberStore(
  query: Query,
  { table, oneOf, run }: Pick<Engine, 'table' | 'oneOf' | 'run'>,
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
      // Small statements one after another, so that no planner has to guess how many there are.
      const { rows: links } = await run<{ group_id: string; member_id: string }>(
        query,
        statement`
          select from_id as group_id, to_id as member_id from directory_link
          where tenant_id = ${tenantId} and relation = 'member' and ${oneOf('to_id', memberIds)}`,
      );
      if (links.length === 0) return;
      const { rows: groups } = await run<{ id: string }>(
        query,
        statement`
          select o.id from directory_object o
          join provisioned_object g on g.tenant_id = o.tenant_id and g.job_id = ${jobId} and g.source_id = o.id
          where o.tenant_id = ${tenantId} and ${oneOf('o.id', [...new Set(links.map(({ group_id }) => group_id))])}
            and (o.deleted_at is null or o.deleted_at < 0) and g.state = 'active'`,
      );
      const sent = new Set(groups.map(({ id }) => id));
      const pairs = links.filter(({ group_id }) => sent.has(group_id));
      for (let start = 0; start < pairs.length; start += rowsAtOnce) {
        const some = table(
          ['group_id', 'member_id'],
          pairs.slice(start, start + rowsAtOnce).map(({ group_id, member_id }) => [group_id, member_id]),
        );
        const marked = statement`
          insert into provisioned_member (tenant_id, job_id, group_id, member_id, is_sent, is_uncertain, due_at, mark)
          select ${tenantId}, ${jobId}, group_id, member_id, 0, 0, cast(${at.getTime()} as bigint), 1
          from ${some} where true
          on conflict (tenant_id, job_id, group_id, member_id)
            do update set due_at = excluded.due_at, mark = provisioned_member.mark + 1`;
        await run(query, marked);
      }
    },

    async markSentDue(tenantId, jobId, of, at) {
      const those =
        'groupId' in of ? membershipsIn(tenantId, jobId, of.groupId) : membershipsOf(tenantId, jobId, of.memberId);
      await run(
        query,
        statement`
          update provisioned_member set due_at = ${at.getTime()}, mark = mark + 1 where ${those} and is_sent = 1`,
      );
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
      for (const memberships of [membershipsIn, membershipsOf]) {
        await run(
          query,
          statement`
            update provisioned_member set is_sent = 0, is_uncertain = 0, due_at = ${at.getTime()}, mark = mark + 1
            where ${memberships(tenantId, jobId, id)} and is_sent = 1`,
        );
      }
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

/** The condition on rows that they are of this group. */
export function membershipsIn(tenantId: string, jobId: string, groupId: string): Statement {
  return statement`tenant_id = ${tenantId} and job_id = ${jobId} and group_id = ${groupId}`;
}

/** The condition on rows that they are of this member. Without the subquery SQLite would read all rows of the job. */
export function membershipsOf(tenantId: string, jobId: string, memberId: string): Statement {
  return statement`tenant_id = ${tenantId} and job_id = ${jobId} and member_id = ${memberId} and group_id in (
    select m.group_id from provisioned_member m
    where m.tenant_id = ${tenantId} and m.job_id = ${jobId} and m.member_id = ${memberId})`;
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
