import { sql } from 'kysely';
import type { Redeemable, RedeemableKind, RedeemableStore } from '../issuance/index.ts';
import type { Query } from './engine.ts';
import type { RedeemableTable } from './schema.ts';

export function redeemableStore(query: Query): RedeemableStore {
  const one = (tenantId: string, kind: RedeemableKind, digest: string) =>
    ({ tenant_id: tenantId, kind, digest }) satisfies Partial<RedeemableTable>;

  return {
    async save(tenantId, redeemable) {
      const row = toRow(tenantId, redeemable);
      const { tenant_id: _, kind, digest, ...changeable } = row;
      await query
        .insertInto('redeemable')
        .values(row)
        .onConflict((conflict) => conflict.columns(['tenant_id', 'kind', 'digest']).doUpdateSet(changeable))
        .execute();
      if (row.family_digest === null || row.family_digest === digest) return;
      await query
        .updateTable('redeemable')
        .set({ expires_at: row.expires_at })
        .where(sql.ref('expires_at'), '<', row.expires_at)
        .where((is) => is.and(one(tenantId, 'grant', row.family_digest ?? '')))
        .execute();
    },

    async find(tenantId, kind, digest) {
      const row = await query
        .selectFrom('redeemable')
        .selectAll()
        .where((is) => is.and(one(tenantId, kind, digest)))
        .executeTakeFirst();
      return row && fromRow(row);
    },

    async findByAlias(tenantId, kind, aliasDigest) {
      const row = await query
        .selectFrom('redeemable')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('kind', '=', kind)
        .where('alias_digest', '=', aliasDigest)
        .executeTakeFirst();
      return row && fromRow(row);
    },

    async redeem(tenantId, kind, digest, at) {
      // One statement decides: whoever comes second finds the row as the first left it.
      const { numUpdatedRows } = await query
        .updateTable('redeemable')
        .set({ redeemed_at: at.getTime() })
        .where((is) => is.and(one(tenantId, kind, digest)))
        .where('redeemed_at', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },

    async remove(tenantId, kind, digest) {
      await query
        .deleteFrom('redeemable')
        .where((is) => is.and(one(tenantId, kind, digest)))
        .execute();
    },

    async removeFamily(tenantId, familyDigest, kind) {
      let rows = query
        .deleteFrom('redeemable')
        .where('tenant_id', '=', tenantId)
        .where('family_digest', '=', familyDigest);
      if (kind !== undefined) rows = rows.where('kind', '=', kind);
      await rows.execute();
    },

    async removeExpired(before, limit) {
      const { numAffectedRows } = await sql`
        delete from redeemable where (tenant_id, kind, digest) in (
          select tenant_id, kind, digest from redeemable where expires_at < ${before.getTime()} limit ${limit}
        )`.execute(query);
      return Number(numAffectedRows ?? 0);
    },
  };
}

function toRow(tenantId: string, redeemable: Omit<Redeemable, 'redeemedAt'>): Omit<RedeemableTable, 'redeemed_at'> {
  return {
    tenant_id: tenantId,
    kind: redeemable.kind,
    digest: redeemable.digest,
    family_digest: redeemable.familyDigest,
    alias_digest: redeemable.aliasDigest,
    content: JSON.stringify(redeemable.content),
    expires_at: redeemable.expiresAt.getTime(),
  };
}

function fromRow(row: RedeemableTable): Redeemable {
  return {
    kind: row.kind as RedeemableKind,
    digest: row.digest,
    familyDigest: row.family_digest,
    aliasDigest: row.alias_digest,
    content: JSON.parse(row.content),
    expiresAt: new Date(row.expires_at),
    redeemedAt: row.redeemed_at === null ? null : new Date(row.redeemed_at),
  };
}
