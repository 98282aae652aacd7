import type { SignInTrace, SignInTraceStore } from '../sign-in/index.ts';
import type { Query } from './engine.ts';
import { pruneLog } from './prune-log.ts';

export function signInTraceStore(query: Query): SignInTraceStore {
  return {
    async save(tenantId, { id, at, signInId, ...rest }) {
      const written = { sign_in_id: signInId, document: JSON.stringify(rest) };
      await query
        .insertInto('sign_in_trace')
        .values({ tenant_id: tenantId, id, at: at.getTime(), ...written })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doUpdateSet(written))
        .execute();
    },

    async find(tenantId, reference) {
      const row = await query
        .selectFrom('sign_in_trace')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where((is) => is.or([is('id', '=', reference), is('sign_in_id', '=', reference)]))
        .executeTakeFirst();
      if (!row) return undefined;
      const rest: Omit<SignInTrace, 'id' | 'at' | 'signInId'> = JSON.parse(row.document);
      return { id: row.id, at: new Date(row.at), signInId: row.sign_in_id, ...rest };
    },

    prune: (tenantId, before, most) => pruneLog(query, 'sign_in_trace', tenantId, before, most),
  };
}
