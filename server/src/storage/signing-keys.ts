import type { SigningKey, SigningKeyStore } from '../issuance/index.ts';
import type { Engine, Query } from './engine.ts';
import type { SigningKeyTable } from './schema.ts';
import type { SealedPlace, Sealing } from './sealing.ts';

export function signingKeyStore(engine: Engine, query: Query, sealing: Sealing): SigningKeyStore {
  const rowsOf = (tenantId: string) => query.selectFrom('signing_key').where('tenant_id', '=', tenantId);
  return {
    async insert(tenantId, key, privateKey) {
      await query
        .insertInto('signing_key')
        .values({
          tenant_id: tenantId,
          id: key.id,
          algorithm: key.algorithm,
          public_jwk: JSON.stringify(key.publicJwk),
          certificate: key.certificate,
          sealed_private_key: sealing.seal(placeOf(tenantId, key.id), privateKey),
          created_at: key.createdAt.getTime(),
          ...timesOf(key),
        })
        .execute();
    },

    async update(tenantId, key) {
      await query
        .updateTable('signing_key')
        .set(timesOf(key))
        .where('tenant_id', '=', tenantId)
        .where('id', '=', key.id)
        .execute();
    },

    async list(tenantId) {
      return (await rowsOf(tenantId).select(publicColumns).orderBy('signs_from').orderBy('id').execute()).map(fromRow);
    },

    async findPrivateKey(tenantId, id) {
      const row = await rowsOf(tenantId).select('sealed_private_key').where('id', '=', id).executeTakeFirst();
      return row && sealing.open(placeOf(tenantId, id), row.sealed_private_key);
    },

    async remove(tenantId, id) {
      await query.deleteFrom('signing_key').where('tenant_id', '=', tenantId).where('id', '=', id).execute();
    },

    lock: (tenantId) => engine.lock(query, `signing_key ${tenantId}`),

    async listNewestBefore(before, limit) {
      const rows = await query
        .selectFrom('signing_key')
        .select(publicColumns)
        .where('signs_until', 'is', null)
        .where('signs_from', '<=', before.getTime())
        .orderBy('signs_from')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ tenantId: row.tenant_id, key: fromRow(row) }));
    },

    async listExpired(now, limit) {
      const rows = await query
        .selectFrom('signing_key')
        .select(publicColumns)
        .where('published_until', '<=', now.getTime())
        .orderBy('published_until')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ tenantId: row.tenant_id, key: fromRow(row) }));
    },
  };
}

/** All but the private key, which is only unsealed to make a Signer. */
const publicColumns = [
  'tenant_id',
  'id',
  'algorithm',
  'public_jwk',
  'certificate',
  'created_at',
  'signs_from',
  'signs_until',
  'published_until',
] as const;

function placeOf(tenantId: string, id: string): SealedPlace {
  return { table: 'signing_key', tenantId, id };
}

function timesOf(key: SigningKey) {
  return {
    signs_from: key.signsFrom.getTime(),
    signs_until: key.signsUntil?.getTime() ?? null,
    published_until: key.publishedUntil?.getTime() ?? null,
  };
}

function fromRow(row: Omit<SigningKeyTable, 'sealed_private_key'>): SigningKey {
  return {
    id: row.id,
    algorithm: row.algorithm as SigningKey['algorithm'],
    publicJwk: JSON.parse(row.public_jwk),
    certificate: row.certificate,
    createdAt: new Date(row.created_at),
    signsFrom: new Date(row.signs_from),
    signsUntil: row.signs_until === null ? null : new Date(row.signs_until),
    publishedUntil: row.published_until === null ? null : new Date(row.published_until),
  };
}
