import { sql } from 'kysely';
import type { LogEntry, LogQuery, ProvisioningLogStore } from '../provisioning/index.ts';
import type { Query } from './engine.ts';
import type { ProvisioningLogTable } from './schema.ts';

export function provisioningLogStore(query: Query): ProvisioningLogStore {
  const rowsOf = (tenantId: string) =>
    query.selectFrom('provisioning_log').selectAll().where('tenant_id', '=', tenantId);
  const wantedRows = (tenantId: string, wanted: LogQuery) => {
    let rows = rowsOf(tenantId);
    if (wanted.jobId !== undefined) rows = rows.where('job_id', '=', wanted.jobId);
    if (wanted.servicePrincipalId !== undefined) {
      rows = rows.where('service_principal_id', '=', wanted.servicePrincipalId);
    }
    if (wanted.cycleId !== undefined) rows = rows.where('cycle_id', '=', wanted.cycleId);
    if (wanted.sourceId !== undefined) rows = rows.where('source_id', '=', wanted.sourceId);
    if (wanted.targetId !== undefined) rows = rows.where('target_id', '=', wanted.targetId);
    if (wanted.action !== undefined) rows = rows.where('action', '=', wanted.action);
    if (wanted.status !== undefined) rows = rows.where('status', '=', wanted.status);
    if (wanted.sourceName !== undefined) rows = rows.where('source_name_key', '=', wanted.sourceName.toLowerCase());
    if (wanted.sourceNamePart) rows = rows.where(contains('source_name_key', wanted.sourceNamePart.toLowerCase()));
    if (wanted.problemCode !== undefined) rows = rows.where('problem_code', '=', wanted.problemCode);
    if (wanted.changed !== undefined) rows = rows.where(contains('changed_keys', changedKey(wanted.changed)));
    if (wanted.from) rows = rows.where('at', '>=', wanted.from.getTime());
    if (wanted.until) rows = rows.where('at', '<', wanted.until.getTime());
    return rows;
  };
  return {
    async append(tenantId, entries) {
      const rows = entries.map((entry) => toRow(tenantId, entry));
      if (rows.length > 0) await query.insertInto('provisioning_log').values(rows).execute();
    },

    async find(tenantId, id) {
      const row = await rowsOf(tenantId).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },

    async list(tenantId, wanted, limit, after) {
      let rows = wantedRows(tenantId, wanted);
      if (after) {
        const at = after.at.getTime();
        rows = rows.where((is) => is.or([is('at', '<', at), is.and([is('at', '=', at), is('id', '<', after.id)])]));
      }
      return (await rows.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()).map(fromRow);
    },

    async listSince(tenantId, wanted, limit, after) {
      const at = after.at.getTime();
      const rows = wantedRows(tenantId, wanted).where((is) =>
        is.or([is('at', '>', at), is.and([is('at', '=', at), is('id', '>', after.id)])]),
      );
      return (await rows.orderBy('at').orderBy('id').limit(limit).execute()).map(fromRow);
    },

    async prune(tenantId, before) {
      await query
        .deleteFrom('provisioning_log')
        .where('tenant_id', '=', tenantId)
        .where('at', '<', before.getTime())
        .execute();
    },
  };
}

/** Not `like`, which means something else by capitals on each engine. */
function contains(column: 'source_name_key' | 'changed_keys', part: string) {
  return sql<boolean>`replace(${sql.ref(column)}, ${part}, '') <> ${sql.ref(column)}`;
}

function changedKey(name: string): string {
  return `\n${name.toLowerCase()}\n`;
}

function toRow(tenantId: string, entry: LogEntry): ProvisioningLogTable {
  const { id, at, jobId, cycleId, servicePrincipalId, action, status, ...detail } = entry;
  return {
    tenant_id: tenantId,
    id,
    at: at.getTime(),
    job_id: jobId,
    cycle_id: cycleId,
    service_principal_id: servicePrincipalId,
    action,
    status,
    source_id: entry.source.id,
    target_id: entry.target.id,
    source_name_key: entry.source.name.toLowerCase(),
    problem_code: entry.problem?.code ?? null,
    changed_keys: entry.changes.map(({ name }) => changedKey(name)).join(''),
    detail: JSON.stringify(detail),
  };
}

function fromRow(row: ProvisioningLogTable): LogEntry {
  return {
    ...JSON.parse(row.detail),
    id: row.id,
    at: new Date(row.at),
    jobId: row.job_id,
    cycleId: row.cycle_id,
    servicePrincipalId: row.service_principal_id,
    action: row.action as LogEntry['action'],
    status: row.status as LogEntry['status'],
  };
}
