import type { AuthenticationMethod, AuthenticationMethodStore } from '../user-flows/index.ts';
import type { Query } from './engine.ts';
import { refuse } from './errors.ts';
import type { AuthenticationMethodTable } from './schema.ts';
import type { SealedPlace, Sealing } from './sealing.ts';

export function authenticationMethodStore(query: Query, sealing: Sealing): AuthenticationMethodStore {
  const ofUser = (tenantId: string, userId: string) =>
    query.selectFrom('authentication_method').where('tenant_id', '=', tenantId).where('user_id', '=', userId);

  const update = (tenantId: string, userId: string, id: string) =>
    query
      .updateTable('authentication_method')
      .where('tenant_id', '=', tenantId)
      .where('user_id', '=', userId)
      .where('id', '=', id);

  return {
    async insert(tenantId, userId, method, secret) {
      const { id, kind, displayName, createdAt, lastUsedAt, counter, ...detail } = method;
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('authentication_method')
        .values({
          tenant_id: tenantId,
          user_id: userId,
          id,
          kind,
          credential_id: method.kind === 'passkey' ? method.credentialId : null,
          display_name: displayName,
          detail: JSON.stringify(detail),
          sealed_secret: secret === undefined ? null : sealing.seal(placeOf(tenantId, id), secret),
          counter,
          created_at: createdAt.getTime(),
          last_used_at: lastUsedAt?.getTime() ?? null,
        })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'credential_id']).doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows !== 1n) throw refuse('user-flows.passkey_taken');
    },

    async list(tenantId, userId) {
      const rows = await ofUser(tenantId, userId).selectAll().orderBy('created_at').orderBy('id').execute();
      return rows.map(fromRow);
    },

    async findSecret(tenantId, userId, id) {
      const row = await ofUser(tenantId, userId).select('sealed_secret').where('id', '=', id).executeTakeFirst();
      return row?.sealed_secret ? sealing.open(placeOf(tenantId, id), row.sealed_secret) : undefined;
    },

    async findPasskey(tenantId, credentialId) {
      const row = await query
        .selectFrom('authentication_method')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('credential_id', '=', credentialId)
        .executeTakeFirst();
      const method = row && fromRow(row);
      return method?.kind === 'passkey' ? { userId: row?.user_id ?? '', method } : undefined;
    },

    async advance(tenantId, userId, id, counter, at) {
      const { numUpdatedRows } = await update(tenantId, userId, id)
        .set({ counter, last_used_at: at.getTime() })
        .where('counter', '<', counter)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async touch(tenantId, userId, id, at) {
      await update(tenantId, userId, id).set({ last_used_at: at.getTime() }).execute();
    },

    async remove(tenantId, userId, id) {
      const { numDeletedRows } = await query
        .deleteFrom('authentication_method')
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },
  };
}

function placeOf(tenantId: string, id: string): SealedPlace {
  return { table: 'authentication_method', tenantId, id };
}

function fromRow(row: AuthenticationMethodTable): AuthenticationMethod {
  return {
    ...JSON.parse(row.detail),
    id: row.id,
    kind: row.kind,
    displayName: row.display_name,
    counter: row.counter,
    createdAt: new Date(row.created_at),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
  };
}
