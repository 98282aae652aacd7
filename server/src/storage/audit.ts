import { type RawBuilder, sql } from 'kysely';
import type { AuditEvent, AuditOutcome, AuditStore } from '../audit/index.ts';
import type { Query } from './engine.ts';
import { pruneLog } from './prune-log.ts';
import type { AuditEventTable } from './schema.ts';

export function auditStore(query: Query): AuditStore {
  return {
    async append(events) {
      if (events.length > 0) await insertAuditEvents(events).execute(query);
    },

    async list(tenantId, wanted, limit, after) {
      let rows = query.selectFrom('audit_event').selectAll().where('tenant_id', '=', tenantId);
      if (wanted.id) rows = rows.where('id', '=', wanted.id);
      if (wanted.from) rows = rows.where('at', '>=', wanted.from.getTime());
      if (wanted.until) rows = rows.where('at', '<', wanted.until.getTime());
      if (wanted.actorId) rows = rows.where('actor_id', '=', wanted.actorId);
      if (wanted.objectId) rows = rows.where('object_id', '=', wanted.objectId);
      if (wanted.verb) rows = rows.where('verb', '=', wanted.verb);
      if (wanted.outcome) rows = rows.where('outcome', '=', wanted.outcome);
      if (wanted.correlationId) rows = rows.where('correlation_id', '=', wanted.correlationId);
      if (after) {
        const at = after.at.getTime();
        rows = rows.where((is) => is.or([is('at', '<', at), is.and([is('at', '=', at), is('id', '<', after.id)])]));
      }
      return (await rows.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()).map(fromRow);
    },

    prune: (tenantId, before, most) => pruneLog(query, 'audit_event', tenantId, before, most),
  };
}

/** The statement that appends one or more events. */
export function insertAuditEvents(events: readonly AuditEvent[]): RawBuilder<unknown> {
  const rows = events.map(toRow);
  const columns = Object.keys(rows[0] ?? {}).map((name) => sql.ref(name));
  const values = rows.map((row) => sql`(${sql.join(Object.values(row))})`);
  return sql`insert into audit_event (${sql.join(columns)}) values ${sql.join(values)}`;
}

function toRow(event: AuditEvent): AuditEventTable {
  return {
    id: event.id,
    tenant_id: event.tenantId,
    at: event.at.getTime(),
    actor_kind: event.actor.kind,
    actor_id: event.actor.id,
    actor_name: event.actor.name,
    verb: event.verb,
    object_kind: event.object.kind,
    object_id: event.object.id,
    object_name: event.object.name,
    outcome: event.outcome,
    reason: event.reason,
    changes: event.changes.length > 0 ? JSON.stringify(event.changes) : null,
    correlation_id: event.correlationId,
  };
}

function fromRow(row: AuditEventTable): AuditEvent {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    at: new Date(row.at),
    actor: { kind: row.actor_kind as AuditEvent['actor']['kind'], id: row.actor_id, name: row.actor_name ?? '' },
    verb: row.verb,
    object: { kind: row.object_kind, id: row.object_id, name: row.object_name },
    outcome: row.outcome as AuditOutcome,
    reason: row.reason,
    changes: row.changes === null ? [] : JSON.parse(row.changes),
    correlationId: row.correlation_id,
  };
}
