import { sql } from 'kysely';
import { AlreadyRedeemedError, type Redeemable, type RedeemableKind, type RedeemableStore } from '../issuance/index.ts';
import type { Engine, Query } from './engine.ts';
import type { RedeemableTable } from './schema.ts';
import { type Statement, statement } from './statement.ts';

type RowWithGrant = RedeemableTable & { grant_content: string | null; grant_expires_at: number | null };

export function redeemableStore(query: Query, engine: Pick<Engine, 'run' | 'table' | 'writeAll'>): RedeemableStore {
  const one = (tenantId: string, kind: RedeemableKind, digest: string) =>
    ({ tenant_id: tenantId, kind, digest }) satisfies Partial<RedeemableTable>;

  return {
    async save(tenantId, redeemable) {
      const { kind, digest, familyDigest, aliasDigest, content } = redeemable;
      const expiresAt = redeemable.expiresAt.getTime();
      const saved = statement`
        insert into redeemable (tenant_id, kind, digest, family_digest, alias_digest, content, expires_at)
        values (${tenantId}, ${kind}, ${digest}, ${familyDigest}, ${aliasDigest}, ${JSON.stringify(content)}, ${expiresAt})
        on conflict (tenant_id, kind, digest) do update
        set family_digest = excluded.family_digest, alias_digest = excluded.alias_digest, content = excluded.content,
          expires_at = excluded.expires_at`;
      const hasGrant = familyDigest !== null && familyDigest !== digest;
      await engine.writeAll(query, [saved, ...(hasGrant ? [keepGrant(tenantId, familyDigest, expiresAt)] : [])]);
    },

    async find(tenantId, kind, digest) {
      const { rows } = await engine.run<RedeemableTable>(
        query,
        statement`select * from redeemable where tenant_id = ${tenantId} and kind = ${kind} and digest = ${digest}`,
      );
      return rows[0] && fromRow(rows[0]);
    },

    async findWithGrant(tenantId, kind, digest) {
      const { rows } = await engine.run<RowWithGrant>(
        query,
        statement`
          select one.*, its_grant.content as grant_content, its_grant.expires_at as grant_expires_at
          from redeemable one left join redeemable its_grant
            on its_grant.tenant_id = one.tenant_id and its_grant.kind = 'grant' and its_grant.digest = one.family_digest
          where one.tenant_id = ${tenantId} and one.kind = ${kind} and one.digest = ${digest}`,
      );
      const [row] = rows;
      if (!row) return undefined;
      const { grant_content: content, grant_expires_at: expiresAt } = row;
      const isThere = content !== null && expiresAt !== null;
      const grant = isThere ? { content: JSON.parse(content), expiresAt: new Date(expiresAt) } : undefined;
      return { found: fromRow(row), grant };
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

    async exchange(tenantId, { kind, digest, familyDigest }, at, handedOut) {
      const rows = handedOut.map((each) => [
        each.kind,
        each.digest,
        JSON.stringify(each.content),
        String(each.expiresAt.getTime()),
      ]);
      const latest = Math.max(...handedOut.map(({ expiresAt }) => expiresAt.getTime()));
      const [redeemed] = await engine.writeAll(query, [
        statement`
          update redeemable set redeemed_at = ${at.getTime()}
          where tenant_id = ${tenantId} and kind = ${kind} and digest = ${digest} and redeemed_at is null`,
        statement`
          insert into redeemable (tenant_id, family_digest, kind, digest, content, expires_at)
          select ${tenantId}, ${familyDigest}, kind, digest, content, cast(expires_at as bigint)
          from ${engine.table(['kind', 'digest', 'content', 'expires_at'], rows)}`,
        keepGrant(tenantId, familyDigest, latest),
      ]);
      if (redeemed !== 1) throw new AlreadyRedeemedError();
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

/** The statement that lets a grant live as long as what was issued on it. */
function keepGrant(tenantId: string, digest: string | null, expiresAt: number): Statement {
  return statement`
    update redeemable set expires_at = ${expiresAt}
    where tenant_id = ${tenantId} and kind = 'grant' and digest = ${digest} and expires_at < ${expiresAt}`;
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
