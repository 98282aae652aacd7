import type { CertificateWarningStore, Party, PartyKind } from '../federation-metadata/index.ts';
import type { Query } from './engine.ts';

export function certificateWarningStore(query: Query): CertificateWarningStore {
  const rows = () => query.selectFrom('certificate_warning');
  const remove = async (tenantId: string, { kind, id }: Party): Promise<void> => {
    await query
      .deleteFrom('certificate_warning')
      .where('tenant_id', '=', tenantId)
      .where('kind', '=', kind)
      .where('party_id', '=', id)
      .execute();
  };

  return {
    async save(tenantId, { party, endsAt, days }) {
      await remove(tenantId, party);
      const row = { tenant_id: tenantId, kind: party.kind, party_id: party.id, ends_at: endsAt.getTime(), days };
      await query.insertInto('certificate_warning').values(row).execute();
    },

    async list(tenantId) {
      const found = await rows().selectAll().where('tenant_id', '=', tenantId).orderBy('ends_at').execute();
      return found.map(({ kind, party_id, ends_at, days }) => ({
        party: { kind: kind as PartyKind, id: party_id },
        endsAt: new Date(ends_at),
        days,
      }));
    },

    remove,

    async count() {
      const { count } = await rows()
        .select(({ fn }) => fn.countAll<number | string>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}
