import type { Session, SessionStore } from '../sign-in/index.ts';
import type { Query } from './engine.ts';
import { provenFactorFrom } from './proven-factor.ts';
import type { SessionTable } from './schema.ts';

export function sessionStore(query: Query): SessionStore {
  const valid = (tenantId: string, now: Date) =>
    query.selectFrom('session').selectAll().where('tenant_id', '=', tenantId).where('valid_until', '>', now.getTime());

  return {
    async insert(tenantId, session, secretDigest) {
      await query
        .insertInto('session')
        .values({ tenant_id: tenantId, id: session.id, secret_digest: secretDigest, ...columnsOf(session) })
        .execute();
    },

    async update(tenantId, session, secretDigest) {
      await query
        .updateTable('session')
        .set({ ...columnsOf(session), ...(secretDigest !== undefined && { secret_digest: secretDigest }) })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', session.id)
        .execute();
    },

    async findBySecret(tenantId, secretDigest, now) {
      const row = await valid(tenantId, now).where('secret_digest', '=', secretDigest).executeTakeFirst();
      return row && fromRow(row);
    },

    async find(tenantId, id, now) {
      const row = await valid(tenantId, now).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },

    async listOfUser(tenantId, userId, now) {
      const rows = valid(tenantId, now).where('user_id', '=', userId);
      return (await rows.orderBy('created_at', 'desc').orderBy('id').execute()).map(fromRow);
    },

    async listNamed(tenantId, applicationId, nameKey, now) {
      const named = query
        .selectFrom('session_application')
        .select('session_id')
        .where('tenant_id', '=', tenantId)
        .where('application_id', '=', applicationId)
        .where('name_key', '=', nameKey);
      return (await valid(tenantId, now).where('id', 'in', named).orderBy('id').execute()).map(fromRow);
    },

    async listOfUpstream(tenantId, key, now) {
      const rows = valid(tenantId, now).where((row) =>
        row.or([row('upstream_key', '=', key), row('upstream_session_key', '=', key)]),
      );
      return (await rows.orderBy('id').execute()).map(fromRow);
    },

    async remove(tenantId, id) {
      await query
        .deleteFrom('session_application')
        .where('tenant_id', '=', tenantId)
        .where('session_id', '=', id)
        .execute();
      const { numDeletedRows } = await query
        .deleteFrom('session')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },

    async addApplication(tenantId, sessionId, { applicationId, flow, issuer, lastAt }) {
      const last_at = lastAt.getTime();
      const names = { tenant_id: tenantId, session_id: sessionId, application_id: applicationId, flow: flow ?? '' };
      await query
        .insertInto('session_application')
        .values({ ...names, last_at, issuer })
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'session_id', 'application_id', 'flow']).doUpdateSet({ last_at, issuer }),
        )
        .execute();
    },

    async participate(tenantId, sessionId, { applicationId, flow }, participation, nameKey) {
      await query
        .updateTable('session_application')
        .set({ participation: JSON.stringify(participation), name_key: nameKey ?? null })
        .where('tenant_id', '=', tenantId)
        .where('session_id', '=', sessionId)
        .where('application_id', '=', applicationId)
        .where('flow', '=', flow ?? '')
        .execute();
    },

    async listApplications(tenantId, sessionId) {
      const rows = await query
        .selectFrom('session_application')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('session_id', '=', sessionId)
        .orderBy('application_id')
        .orderBy('flow')
        .execute();
      return rows.map((row) => ({
        applicationId: row.application_id,
        flow: row.flow || null,
        issuer: row.issuer,
        lastAt: new Date(row.last_at),
        participation: row.participation === null ? null : JSON.parse(row.participation),
      }));
    },
  };
}

function columnsOf(session: Session) {
  const upstream = session.factors.find(({ federated }) => federated?.session)?.federated?.session;
  return {
    user_id: session.userId,
    factors: JSON.stringify(session.factors),
    upstream_key: upstream?.key ?? null,
    upstream_session_key: upstream?.sessionKey ?? null,
    created_at: session.createdAt.getTime(),
    last_used_at: session.lastUsedAt.getTime(),
    valid_until: session.validUntil.getTime(),
    ends_at: session.endsAt.getTime(),
    is_kept: session.isKept ? 1 : 0,
    address: session.address,
    user_agent: session.userAgent,
  };
}

function fromRow(row: SessionTable): Session {
  return {
    id: row.id,
    userId: row.user_id,
    factors: JSON.parse(row.factors).map(provenFactorFrom),
    createdAt: new Date(row.created_at),
    lastUsedAt: new Date(row.last_used_at),
    validUntil: new Date(row.valid_until),
    endsAt: new Date(row.ends_at),
    isKept: row.is_kept === 1,
    address: row.address,
    userAgent: row.user_agent,
  };
}
