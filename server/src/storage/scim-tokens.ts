import { type Change, type ChangeFeed, fold } from '../directory/index.ts';
import type { ScimScope, ScimToken, ScimTokenStore } from '../inbound-provisioning/index.ts';
import type { Engine, Query } from './engine.ts';
import { refuse } from './errors.ts';
import type { ScimTokenTable } from './schema.ts';
import { statement } from './statement.ts';

/** Keeps the digests of tokens. Writing belongs into a transaction, since changes are told to the change feed. */
export function scimTokenStore(query: Query, engine: Pick<Engine, 'run'>, changes: ChangeFeed): ScimTokenStore {
  const rows = (tenantId: string) => query.selectFrom('scim_token').selectAll().where('tenant_id', '=', tenantId);

  const tell = (tenantId: string, id: string, verb: Change['verb'], at: Date) =>
    changes.append([{ tenantId, at, kind: 'scimToken', objectId: id, verb, detail: null }]);

  const checkLabel = async (tenantId: string, { id, label }: ScimToken) => {
    const others = rows(tenantId).where('label_key', '=', fold(label)).where('id', '!=', id);
    if (await others.executeTakeFirst()) throw refuse('inbound_provisioning.label_taken', { label });
  };

  return {
    async insert(tenantId, token) {
      await checkLabel(tenantId, token);
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('scim_token')
        .values(toRow(tenantId, token))
        .onConflict((conflict) => conflict.columns(['tenant_id', 'label_key']).doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows !== 1n) throw refuse('inbound_provisioning.label_taken', { label: token.label });
      await tell(tenantId, token.id, 'created', token.createdAt);
    },

    async update(tenantId, token, at) {
      await checkLabel(tenantId, token);
      const { last_used_at: _, ...values } = toRow(tenantId, token);
      const changed = query.updateTable('scim_token').set(values);
      await changed.where('tenant_id', '=', tenantId).where('id', '=', token.id).execute();
      await tell(tenantId, token.id, 'updated', at);
    },

    async remove(tenantId, id, at) {
      await query.deleteFrom('scim_token').where('tenant_id', '=', tenantId).where('id', '=', id).execute();
      await tell(tenantId, id, 'deleted', at);
    },

    async find(tenantId, id) {
      const row = await rows(tenantId).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },

    async findByDigest(tenantId, digest) {
      const found = await engine.run<ScimTokenTable>(
        query,
        statement`
          select * from scim_token
          where tenant_id = ${tenantId} and (digest = ${digest} or previous_digest = ${digest})`,
      );
      const [row] = found.rows;
      return row && fromRow(row);
    },

    async list(tenantId) {
      return (await rows(tenantId).orderBy('label_key').execute()).map(fromRow);
    },

    async noteUse(tenantId, id, at) {
      await query
        .updateTable('scim_token')
        .set({ last_used_at: at.getTime() })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .where((is) => is.or([is('last_used_at', 'is', null), is('last_used_at', '<', at.getTime())]))
        .execute();
    },

    async listExpiring(after, before) {
      const found = await query
        .selectFrom('scim_token')
        .selectAll()
        .where('expires_at', '>', after.getTime())
        .where('expires_at', '<=', before.getTime())
        .orderBy('expires_at')
        .orderBy('id')
        .execute();
      return found.map((row) => ({ tenantId: row.tenant_id, token: fromRow(row) }));
    },
  };
}

function toRow(tenantId: string, token: ScimToken): ScimTokenTable {
  return {
    tenant_id: tenantId,
    id: token.id,
    label: token.label,
    label_key: fold(token.label),
    scopes: token.scopes.join(' '),
    dialect: token.dialect,
    contact: token.contact,
    hint: token.hint,
    digest: token.digest,
    previous_digest: token.previous?.digest ?? null,
    previous_ends_at: token.previous?.endsAt.getTime() ?? null,
    created_at: token.createdAt.getTime(),
    expires_at: token.expiresAt.getTime(),
    last_used_at: token.lastUsedAt?.getTime() ?? null,
    warned_days: token.warnedDays,
  };
}

function fromRow(row: ScimTokenTable): ScimToken {
  const { previous_digest: digest, previous_ends_at: endsAt } = row;
  return {
    id: row.id,
    label: row.label,
    scopes: row.scopes.split(' ').filter((scope) => scope !== '') as ScimScope[],
    dialect: row.dialect as ScimToken['dialect'],
    contact: row.contact,
    hint: row.hint,
    digest: row.digest,
    previous: digest === null || endsAt === null ? null : { digest, endsAt: new Date(endsAt) },
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
    warnedDays: row.warned_days,
  };
}
