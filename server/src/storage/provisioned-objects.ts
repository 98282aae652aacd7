import { sql } from 'kysely';
import type { ProvisionedObject, ProvisionedObjectStore, Reading } from '../provisioning/index.ts';
import type { Engine, Query } from './engine.ts';
import { membershipsIn, membershipsOf } from './provisioned-members.ts';
import type { ProvisionedObjectTable } from './schema.ts';
import { statement } from './statement.ts';

/** In the order of their depth: the greater one wins. */
const readings: readonly Reading[] = ['changed', 'report', 'repair'];

/** Rows that one statement inserts. */
const rowsAtOnce = 500;

/** Not a parameter, since the index holds only these rows. */
const isAwaiting = sql.lit(1);

/** Of the rows that `save` is given. */
const savedColumns = [
  'source_id',
  'target_id',
  'state',
  'digest',
  'has_members_read',
  'due_at',
  'mark',
  'awaits_removal',
  'attempts',
  'problem',
];

export function provisionedObjectStore(
  query: Query,
  { table, oneOf, run }: Pick<Engine, 'table' | 'oneOf' | 'run'>,
): ProvisionedObjectStore {
  const objects = (tenantId: string, jobId: string) =>
    query.selectFrom('provisioned_object').selectAll().where('tenant_id', '=', tenantId).where('job_id', '=', jobId);
  /** For subqueries: SQLite takes a partial index only where it covers what is asked for. */
  const ids = (tenantId: string, jobId: string) =>
    query
      .selectFrom('provisioned_object')
      .select('source_id')
      .where('tenant_id', '=', tenantId)
      .where('job_id', '=', jobId);
  const change = (tenantId: string, jobId: string) =>
    query.updateTable('provisioned_object').where('tenant_id', '=', tenantId).where('job_id', '=', jobId);

  return {
    async find(tenantId, jobId, sourceIds) {
      if (sourceIds.length === 0) return [];
      return (await objects(tenantId, jobId).where('source_id', 'in', sourceIds).execute()).map(fromRow);
    },

    async findByTarget(tenantId, jobId, targetId) {
      const id = ids(tenantId, jobId).where('target_id', '=', targetId).limit(1);
      const row = await objects(tenantId, jobId).where('source_id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },

    async list(tenantId, jobId, limit, afterSourceId = '') {
      const rows = objects(tenantId, jobId).where('source_id', '>', afterSourceId);
      return (await rows.orderBy('source_id').limit(limit).execute()).map(fromRow);
    },

    async markDue(tenantId, jobId, marked, at, reading = 'changed') {
      const depth = readings.indexOf(reading);
      for (let start = 0; start < marked.length; start += rowsAtOnce) {
        const rows = marked.slice(start, start + rowsAtOnce).map(({ sourceId, kind }) => ({
          tenant_id: tenantId,
          job_id: jobId,
          source_id: sourceId,
          kind,
          target_id: null,
          state: 'absent',
          digest: null,
          has_members_read: 0,
          due_at: at.getTime(),
          mark: 1,
          reading: depth,
          awaits_removal: 0,
          attempts: 0,
          problem: null,
        }));
        await query
          .insertInto('provisioned_object')
          .values(rows)
          .onConflict((conflict) =>
            conflict.columns(['tenant_id', 'job_id', 'source_id']).doUpdateSet({
              due_at: at.getTime(),
              mark: sql`provisioned_object.mark + 1`,
              reading: sql`case when provisioned_object.reading > ${depth} then provisioned_object.reading else ${depth} end`,
              awaits_removal: 0,
            }),
          )
          .execute();
      }
    },

    async markReportsDue(tenantId, jobId, managerIds, at) {
      if (managerIds.length === 0) return;
      // Two statements, so that no planner has to guess how many reports there are.
      const { rows: reports } = await run<{ from_id: string }>(
        query,
        statement`
          select from_id from directory_link
          where tenant_id = ${tenantId} and relation = 'manager' and ${oneOf('to_id', managerIds)}`,
      );
      if (reports.length === 0) return;
      const ids = reports.map(({ from_id }) => from_id);
      const marked = statement`
        update provisioned_object set due_at = ${at.getTime()}, mark = mark + 1, awaits_removal = 0
        where tenant_id = ${tenantId} and job_id = ${jobId} and ${oneOf('source_id', ids)}`;
      await run(query, marked);
    },

    async markAllDue(tenantId, jobId, at, reading) {
      await change(tenantId, jobId)
        .set({ due_at: at.getTime(), mark: sql`mark + 1`, reading: readings.indexOf(reading), awaits_removal: 0 })
        .execute();
    },

    async markAwaitingDue(tenantId, jobId, at) {
      await change(tenantId, jobId)
        .set({ due_at: at.getTime(), mark: sql`mark + 1` })
        .where('source_id', 'in', ids(tenantId, jobId).where('awaits_removal', '=', isAwaiting))
        .execute();
    },

    async listDue(tenantId, jobId, now, limit) {
      const found: ProvisionedObject[] = [];
      for (const kind of ['user', 'group']) {
        const rows = objects(tenantId, jobId).where('kind', '=', kind).where('due_at', '<=', now.getTime());
        const left = limit - found.length;
        if (left > 0) found.push(...(await rows.orderBy('due_at').limit(left).execute()).map(fromRow));
      }
      return found;
    },

    async save(tenantId, jobId, worked) {
      if (worked.length === 0) return;
      const rows = worked.map((object) => [
        object.sourceId,
        object.targetId,
        object.state,
        object.digest,
        object.hasMembersRead ? '1' : '0',
        object.dueAt && String(object.dueAt.getTime()),
        String(object.mark),
        object.awaitsRemoval ? '1' : '0',
        String(object.attempts),
        object.problem && JSON.stringify(object.problem),
      ]);
      const those = oneOf(
        'o.source_id',
        worked.map(({ sourceId }) => sourceId),
      );
      // What became due since stays due, and is read as deeply as was asked.
      const saved = statement`
        update provisioned_object as o set
          target_id = t.target_id, state = t.state, digest = t.digest, problem = t.problem,
          has_members_read = cast(t.has_members_read as integer),
          awaits_removal = cast(t.awaits_removal as integer),
          attempts = cast(t.attempts as integer),
          due_at = case when o.mark = cast(t.mark as bigint) then cast(t.due_at as bigint) else o.due_at end,
          reading = case when o.mark = cast(t.mark as bigint) and t.due_at is null then 0 else o.reading end
        from (select * from ${table(savedColumns, rows)} limit ${rows.length}) t
        where o.tenant_id = ${tenantId} and o.job_id = ${jobId} and o.source_id = t.source_id and ${those}`;
      await run(query, saved);
    },

    async remove(tenantId, jobId, sourceId) {
      await query
        .deleteFrom('provisioned_object')
        .where('tenant_id', '=', tenantId)
        .where('job_id', '=', jobId)
        .where('source_id', '=', sourceId)
        .execute();
      for (const memberships of [membershipsIn, membershipsOf]) {
        await run(query, statement`delete from provisioned_member where ${memberships(tenantId, jobId, sourceId)}`);
      }
    },

    async countAwaitingRemoval(tenantId, jobId) {
      const row = await query
        .selectFrom('provisioned_object')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('tenant_id', '=', tenantId)
        .where('job_id', '=', jobId)
        .where('awaits_removal', '=', isAwaiting)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },

    async count(tenantId, jobId) {
      const sumOf = (condition: ReturnType<typeof sql>) => sql<number>`sum(case when ${condition} then 1 else 0 end)`;
      const row = await query
        .selectFrom('provisioned_object')
        .select([
          sumOf(sql`state = 'active'`).as('active'),
          sumOf(sql`state = 'removed'`).as('removed'),
          sumOf(sql`problem is not null`).as('failing'),
          sumOf(sql`due_at is not null and problem is null`).as('due'),
          sumOf(sql`awaits_removal = 1`).as('awaitingRemoval'),
        ])
        .where('tenant_id', '=', tenantId)
        .where('job_id', '=', jobId)
        .executeTakeFirst();
      const number = (value: number | undefined) => Number(value ?? 0);
      return {
        active: number(row?.active),
        removed: number(row?.removed),
        failing: number(row?.failing),
        due: number(row?.due),
        awaitingRemoval: number(row?.awaitingRemoval),
      };
    },
  };
}

function fromRow(row: ProvisionedObjectTable): ProvisionedObject {
  return {
    sourceId: row.source_id,
    kind: row.kind as ProvisionedObject['kind'],
    targetId: row.target_id,
    state: row.state as ProvisionedObject['state'],
    digest: row.digest,
    hasMembersRead: row.has_members_read === 1,
    dueAt: row.due_at === null ? null : new Date(row.due_at),
    mark: row.mark,
    reading: readings[row.reading] ?? 'changed',
    awaitsRemoval: row.awaits_removal === 1,
    attempts: row.attempts,
    problem: row.problem === null ? null : JSON.parse(row.problem),
  };
}
