import type { RelyingParty, RelyingPartyStore } from '../applications/index.ts';
import type { Change, ChangeFeed } from '../directory/index.ts';
import { type IncludedGroups, noGroups } from '../rule-groups/index.ts';
import type { Engine, Query } from './engine.ts';
import { keepRuleGroupUses } from './rule-groups.ts';

/** Keeps relying parties as documents, found by service principal and by identifier. */
export function relyingPartyStore(query: Query, engine: Pick<Engine, 'lock'>, changes: ChangeFeed): RelyingPartyStore {
  const rows = (tenantId: string) =>
    query.selectFrom('relying_party').select('document').where('tenant_id', '=', tenantId);
  const read = (row: { document: string } | undefined): RelyingParty | undefined => row && fromDocument(row.document);
  const tell = (tenantId: string, objectId: string, verb: Change['verb'], at: Date) =>
    changes.append([{ tenantId, at, kind: 'relyingParty', objectId, verb, detail: null }]);
  const keepUses = (tenantId: string, id: string, name: string, included: readonly IncludedGroups[]) =>
    keepRuleGroupUses(query, tenantId, { kind: 'relyingParty', id, name }, included);

  return {
    async save(tenantId, party, at) {
      const { servicePrincipalId, protocol, identifier } = party;
      await engine.lock(query, `relying parties of ${tenantId}`);
      const owner = await query
        .selectFrom('relying_party')
        .select('service_principal_id as id')
        .where('tenant_id', '=', tenantId)
        .where('protocol', '=', protocol)
        .where('identifier', '=', identifier)
        .executeTakeFirst();
      if (owner && owner.id !== servicePrincipalId) return false;
      const row = { protocol, identifier, document: JSON.stringify(party) };
      const { numUpdatedRows } = await query
        .updateTable('relying_party')
        .set(row)
        .where('tenant_id', '=', tenantId)
        .where('service_principal_id', '=', servicePrincipalId)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) {
        const inserted = { tenant_id: tenantId, service_principal_id: servicePrincipalId, ...row };
        await query.insertInto('relying_party').values(inserted).execute();
      }
      await keepUses(tenantId, servicePrincipalId, identifier, [
        party.issuanceRuleGroups,
        party.authorizationRuleGroups,
      ]);
      await tell(tenantId, servicePrincipalId, numUpdatedRows === 0n ? 'created' : 'updated', at);
      return true;
    },

    async remove(tenantId, servicePrincipalId, at) {
      const { numDeletedRows } = await query
        .deleteFrom('relying_party')
        .where('tenant_id', '=', tenantId)
        .where('service_principal_id', '=', servicePrincipalId)
        .executeTakeFirst();
      if (numDeletedRows !== 1n) return false;
      await keepUses(tenantId, servicePrincipalId, '', []);
      await tell(tenantId, servicePrincipalId, 'deleted', at);
      return true;
    },

    async find(tenantId, servicePrincipalId) {
      return read(await rows(tenantId).where('service_principal_id', '=', servicePrincipalId).executeTakeFirst());
    },

    async findByIdentifier(tenantId, protocol, identifier) {
      const found = rows(tenantId).where('protocol', '=', protocol).where('identifier', '=', identifier);
      return read(await found.executeTakeFirst());
    },

    async list(tenantId, limit, afterId = '') {
      const found = await rows(tenantId)
        .where('service_principal_id', '>', afterId)
        .orderBy('service_principal_id')
        .limit(limit)
        .execute();
      return found.map(({ document }) => fromDocument(document));
    },
  };
}

/** Documents from before there were groups of rules name none. */
function fromDocument(document: string): RelyingParty {
  return { issuanceRuleGroups: noGroups, authorizationRuleGroups: noGroups, ...JSON.parse(document) };
}
