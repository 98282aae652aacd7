import type { AuditEvent, AuditOutcome, AuditStore } from '../audit/index.ts';
import type { Engine, Query } from './engine.ts';
import { pruneLog } from './prune-log.ts';
import type { AuditEventTable } from './schema.ts';
import { plain, type Statement, statement } from './statement.ts';

export function auditStore(query: Query, engine: Pick<Engine, 'table' | 'run'>): AuditStore {
  return {
    async append(events) {
      if (events.length > 0) await engine.run(query, insertAuditEvents(engine, events));
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

const columns = [
  'id',
  'tenant_id',
  'at',
  'actor_kind',
  'actor_id',
  'actor_name',
  'verb',
  'object_kind',
  'object_id',
  'object_name',
  'outcome',
  'reason',
  'changes',
  'correlation_id',
] as const satisfies (keyof AuditEventTable)[];

const written = plain(columns.join(', '));
const read = plain(columns.map((name) => (name === 'at' ? 'cast(at as bigint)' : name)).join(', '));

/** The statement that appends one or more events. */
export function insertAuditEvents({ table }: Pick<Engine, 'table'>, events: readonly AuditEvent[]): Statement {
  return statement`insert into audit_event (${written}) select ${read} from ${table(columns, events.map(toCells))}`;
}

/** The values of `columns`. */
function toCells(event: AuditEvent): (string | null)[] {
  return [
    event.id,
    event.tenantId,
    String(event.at.getTime()),
    event.actor.kind,
    event.actor.id,
    event.actor.name,
    event.verb,
    event.object.kind,
    event.object.id,
    event.object.name,
    event.outcome,
    event.reason,
    event.changes.length > 0 ? JSON.stringify(event.changes) : null,
    event.correlationId,
  ];
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
