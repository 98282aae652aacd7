import { type Change, type ChangeFeed, fold } from '../directory/index.ts';
import { type IncludedGroups, noGroups } from '../rule-groups/index.ts';
import type { UpstreamProvider, UpstreamProviderStore } from '../upstream-providers/index.ts';
import type { Engine, Query } from './engine.ts';
import { keepRuleGroupUses } from './rule-groups.ts';
import type { SealedPlace, Sealing } from './sealing.ts';

/** Keeps identity providers as documents. The column `id` has the id folded; the document spells it. */
export function upstreamProviderStore(
  query: Query,
  engine: Pick<Engine, 'lock'>,
  sealing: Sealing,
  changes: ChangeFeed,
): UpstreamProviderStore {
  const rows = (tenantId: string) => query.selectFrom('upstream_provider').where('tenant_id', '=', tenantId);
  const update = (tenantId: string, id: string) =>
    query.updateTable('upstream_provider').where('tenant_id', '=', tenantId).where('id', '=', fold(id));
  const tell = (tenantId: string, objectId: string, verb: Change['verb'], at: Date) =>
    changes.append([{ tenantId, at, kind: 'identityProvider', objectId, verb, detail: null }]);
  const keepUses = (tenantId: string, id: string, included: readonly IncludedGroups[]) =>
    keepRuleGroupUses(query, tenantId, { kind: 'identityProvider', id: fold(id), name: id }, included);

  return {
    async save(tenantId, provider, at) {
      const values = { issuer_key: fold(provider.issuer), document: JSON.stringify(provider) };
      const { numUpdatedRows } = await update(tenantId, provider.id).set(values).executeTakeFirst();
      const isNew = numUpdatedRows === 0n;
      if (isNew) {
        const row = { tenant_id: tenantId, id: fold(provider.id), ...values, sealed_secret: null };
        await query.insertInto('upstream_provider').values(row).execute();
      }
      await keepUses(tenantId, provider.id, [provider.acceptanceRuleGroups]);
      await tell(tenantId, provider.id, isNew ? 'created' : 'updated', at);
    },

    async saveSecret(tenantId, id, secret, at) {
      const sealed_secret = secret === null ? null : sealing.seal(placeOf(tenantId, id), secret);
      await update(tenantId, id).set({ sealed_secret }).execute();
      await tell(tenantId, id, 'updated', at);
    },

    async findSecret(tenantId, id) {
      const row = await rows(tenantId).select('sealed_secret').where('id', '=', fold(id)).executeTakeFirst();
      return row?.sealed_secret ? sealing.open(placeOf(tenantId, id), row.sealed_secret) : undefined;
    },

    async find(tenantId, id) {
      const row = await rows(tenantId).select('document').where('id', '=', fold(id)).executeTakeFirst();
      return row && fromDocument(row.document);
    },

    async list(tenantId) {
      const found = await rows(tenantId).select('document').orderBy('id').execute();
      return found.map(({ document }) => fromDocument(document));
    },

    async remove(tenantId, id, at) {
      const { numDeletedRows } = await query
        .deleteFrom('upstream_provider')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', fold(id))
        .executeTakeFirst();
      if (numDeletedRows !== 1n) return false;
      await keepUses(tenantId, id, []);
      await tell(tenantId, id, 'deleted', at);
      return true;
    },

    lock: (tenantId) => engine.lock(query, `identity providers of ${tenantId}`),
  };
}

function placeOf(tenantId: string, id: string): SealedPlace {
  return { table: 'upstream_provider', tenantId, id: fold(id) };
}

/** Documents from before there were groups of rules name none. */
function fromDocument(document: string): UpstreamProvider {
  return { acceptanceRuleGroups: noGroups, ...JSON.parse(document) };
}
