import { sql } from 'kysely';
import type { ProvisionedObject, ProvisionedObjectStore, Reading } from '../provisioning/index.ts';
import type { Query } from './engine.ts';
import type { ProvisionedObjectTable } from './schema.ts';

/** In the order of their depth: the greater one wins. */
const readings: readonly Reading[] = ['changed', 'report', 'repair'];

/** Rows that one statement inserts. */
const rowsAtOnce = 500;

export function provisionedObjectStore(query: Query): ProvisionedObjectStore {
  const objects = (tenantId: string, jobId: string) =>
    query.selectFrom('provisioned_object').selectAll().where('tenant_id', '=', tenantId).where('job_id', '=', jobId);
  const change = (tenantId: string, jobId: string) =>
    query.updateTable('provisioned_object').where('tenant_id', '=', tenantId).where('job_id', '=', jobId);

  return {
    async find(tenantId, jobId, sourceIds) {
      if (sourceIds.length === 0) return [];
      return (await objects(tenantId, jobId).where('source_id', 'in', sourceIds).execute()).map(fromRow);
    },

    async findByTarget(tenantId, jobId, targetId) {
      const row = await objects(tenantId, jobId).where('target_id', '=', targetId).limit(1).executeTakeFirst();
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

    async markAllDue(tenantId, jobId, at, reading) {
      await change(tenantId, jobId)
        .set({ due_at: at.getTime(), mark: sql`mark + 1`, reading: readings.indexOf(reading), awaits_removal: 0 })
        .execute();
    },

    async markAwaitingDue(tenantId, jobId, at) {
      await change(tenantId, jobId)
        .set({ due_at: at.getTime(), mark: sql`mark + 1` })
        .where('awaits_removal', '=', 1)
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

    async save(tenantId, jobId, object, mark) {
      const dueAt = object.dueAt?.getTime() ?? null;
      await change(tenantId, jobId)
        .set({
          target_id: object.targetId,
          state: object.state,
          digest: object.digest,
          has_members_read: object.hasMembersRead ? 1 : 0,
          awaits_removal: object.awaitsRemoval ? 1 : 0,
          attempts: object.attempts,
          problem: object.problem && JSON.stringify(object.problem),
          // What became due since stays due, and is read as deeply as was asked.
          due_at: sql`case when mark = ${mark} then ${dueAt} else due_at end`,
          reading: sql`case when mark = ${mark} and ${dueAt === null ? 1 : 0} = 1 then 0 else reading end`,
        })
        .where('source_id', '=', object.sourceId)
        .execute();
    },

    async remove(tenantId, jobId, sourceId) {
      await query
        .deleteFrom('provisioned_object')
        .where('tenant_id', '=', tenantId)
        .where('job_id', '=', jobId)
        .where('source_id', '=', sourceId)
        .execute();
      await query
        .deleteFrom('provisioned_member')
        .where('tenant_id', '=', tenantId)
        .where('job_id', '=', jobId)
        .where((is) => is.or([is('group_id', '=', sourceId), is('member_id', '=', sourceId)]))
        .execute();
    },

    async countAwaitingRemoval(tenantId, jobId) {
      const row = await query
        .selectFrom('provisioned_object')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('tenant_id', '=', tenantId)
        .where('job_id', '=', jobId)
        .where('awaits_removal', '=', 1)
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
