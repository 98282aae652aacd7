import { fold } from '../directory/index.ts';
import type { SignInEvent, SignInEventStore } from '../sign-in/index.ts';
import type { Query } from './engine.ts';
import { pruneLog } from './prune-log.ts';
import type { SignInEventTable } from './schema.ts';

export function signInEventStore(query: Query): SignInEventStore {
  const rowsOf = (tenantId: string) => query.selectFrom('sign_in_event').selectAll().where('tenant_id', '=', tenantId);
  return {
    async append(tenantId, event) {
      const { id, at, type, userId, appId, flow, outcome, failure, address, correlationId, ...detail } = event;
      await query
        .insertInto('sign_in_event')
        .values({
          tenant_id: tenantId,
          id,
          at: at.getTime(),
          user_id: userId,
          application_id: event.applicationId,
          app_id: appId,
          type,
          flow_key: flow && fold(flow),
          outcome,
          failure,
          address,
          correlation_id: correlationId,
          detail: JSON.stringify({ ...detail, flow }),
        })
        .execute();
    },

    async find(tenantId, id) {
      const row = await rowsOf(tenantId).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },

    async list(tenantId, wanted, limit, after) {
      if (wanted.failures?.length === 0) return [];
      let rows = rowsOf(tenantId);
      if (wanted.from) rows = rows.where('at', '>=', wanted.from.getTime());
      if (wanted.until) rows = rows.where('at', '<', wanted.until.getTime());
      if (wanted.userId) rows = rows.where('user_id', '=', wanted.userId);
      if (wanted.appId) rows = rows.where('app_id', '=', wanted.appId);
      if (wanted.type) rows = rows.where('type', '=', wanted.type);
      if (wanted.flow) rows = rows.where('flow_key', '=', fold(wanted.flow));
      if (wanted.outcome) rows = rows.where('outcome', '=', wanted.outcome);
      if (wanted.failures) rows = rows.where('failure', 'in', wanted.failures);
      if (wanted.address) rows = rows.where('address', '=', wanted.address);
      if (wanted.correlationId) rows = rows.where('correlation_id', '=', wanted.correlationId);
      if (after) {
        const at = after.at.getTime();
        rows = rows.where((is) => is.or([is('at', '<', at), is.and([is('at', '=', at), is('id', '<', after.id)])]));
      }
      return (await rows.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()).map(fromRow);
    },

    prune: (tenantId, before, most) => pruneLog(query, 'sign_in_event', tenantId, before, most),
  };
}

function fromRow(row: SignInEventTable): SignInEvent {
  const detail = JSON.parse(row.detail);
  return {
    count: 1,
    actor: null,
    resource: null,
    ...detail,
    id: row.id,
    type: row.type as SignInEvent['type'],
    at: new Date(row.at),
    userId: row.user_id,
    appId: row.app_id,
    outcome: row.outcome as SignInEvent['outcome'],
    failure: row.failure,
    address: row.address,
    steps: detail.steps.map(({ step, at }: { step: string; at: string }) => ({ step, at: new Date(at) })),
    correlationId: row.correlation_id,
  };
}
