import { type Change, type ChangeFeed, fold } from '../directory/index.ts';
import type { IncludedGroups, RuleGroup, RuleGroupStore, RuleGroupUse } from '../rule-groups/index.ts';
import type { Engine, Query } from './engine.ts';

/** Keeps groups of claims rules as documents. The column `id` has the id folded; the document spells it. */
export function ruleGroupStore(query: Query, engine: Pick<Engine, 'lock'>, changes: ChangeFeed): RuleGroupStore {
  const rows = (tenantId: string) =>
    query.selectFrom('rule_group').select('document').where('tenant_id', '=', tenantId);
  const read = ({ document }: { document: string }): RuleGroup => JSON.parse(document);
  const tell = (tenantId: string, objectId: string, verb: Change['verb'], at: Date) =>
    changes.append([{ tenantId, at, kind: 'ruleGroup', objectId, verb, detail: null }]);

  return {
    async save(tenantId, group, at) {
      const document = JSON.stringify(group);
      const { numUpdatedRows } = await query
        .updateTable('rule_group')
        .set({ document })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', fold(group.id))
        .executeTakeFirst();
      const isNew = numUpdatedRows === 0n;
      if (isNew) {
        const row = { tenant_id: tenantId, id: fold(group.id), document };
        await query.insertInto('rule_group').values(row).execute();
      }
      await tell(tenantId, group.id, isNew ? 'created' : 'updated', at);
    },

    async find(tenantId, id) {
      const row = await rows(tenantId).where('id', '=', fold(id)).executeTakeFirst();
      return row && read(row);
    },

    async findMany(tenantId, ids) {
      const found = await rows(tenantId).where('id', 'in', ids.map(fold)).execute();
      return found.map(read);
    },

    async list(tenantId) {
      return (await rows(tenantId).orderBy('id').execute()).map(read);
    },

    async listUses(tenantId, id, limit) {
      const found = await query
        .selectFrom('rule_group_use')
        .select(['party_kind', 'party_id', 'party_name'])
        .where('tenant_id', '=', tenantId)
        .where('group_id', '=', fold(id))
        .orderBy('party_name')
        .orderBy('party_id')
        .limit(limit)
        .execute();
      return found.map((row) => ({
        kind: row.party_kind as RuleGroupUse['kind'],
        id: row.party_id,
        name: row.party_name,
      }));
    },

    async remove(tenantId, id, at) {
      const { numDeletedRows } = await query
        .deleteFrom('rule_group')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', fold(id))
        .executeTakeFirst();
      if (numDeletedRows !== 1n) return false;
      await tell(tenantId, id, 'deleted', at);
      return true;
    },

    lock: (tenantId) => engine.lock(query, `rule groups of ${tenantId}`),
  };
}

/** Notes which groups a trust includes, in place of what was noted before. None: it includes no more, or is gone. */
export async function keepRuleGroupUses(
  query: Query,
  tenantId: string,
  { kind, id, name }: RuleGroupUse,
  included: readonly IncludedGroups[],
): Promise<void> {
  await query
    .deleteFrom('rule_group_use')
    .where('tenant_id', '=', tenantId)
    .where('party_kind', '=', kind)
    .where('party_id', '=', id)
    .execute();
  const groups = new Set(included.flatMap(({ before, after }) => [...before, ...after]).map(fold));
  const rows = [...groups].map((group_id) => ({
    tenant_id: tenantId,
    party_kind: kind,
    party_id: id,
    group_id,
    party_name: name,
  }));
  if (rows.length > 0) await query.insertInto('rule_group_use').values(rows).execute();
}
