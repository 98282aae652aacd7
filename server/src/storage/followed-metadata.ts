import type { FollowedMetadata, FollowedMetadataStore, Party } from '../federation-metadata/index.ts';
import type { Query } from './engine.ts';

/** Keeps what is followed as documents; when it is due and whether it fails, in columns of their own too. */
export function followedMetadataStore(query: Query): FollowedMetadataStore {
  const rows = () => query.selectFrom('followed_metadata');
  const remove = (tenantId: string, { kind, id }: Party) =>
    query
      .deleteFrom('followed_metadata')
      .where('tenant_id', '=', tenantId)
      .where('kind', '=', kind)
      .where('party_id', '=', id)
      .executeTakeFirst();

  return {
    async save(tenantId, followed) {
      const { party, nextFetchAt, failure } = followed;
      await remove(tenantId, party);
      const row = {
        tenant_id: tenantId,
        kind: party.kind,
        party_id: party.id,
        next_fetch_at: nextFetchAt.getTime(),
        failing_since: failure?.since.getTime() ?? null,
        document: JSON.stringify(followed),
      };
      await query.insertInto('followed_metadata').values(row).execute();
    },

    async find(tenantId, { kind, id }) {
      const row = await rows()
        .select('document')
        .where('tenant_id', '=', tenantId)
        .where('kind', '=', kind)
        .where('party_id', '=', id)
        .executeTakeFirst();
      return row && fromDocument(row.document);
    },

    async list(tenantId, kind) {
      const found = await rows()
        .select('document')
        .where('tenant_id', '=', tenantId)
        .where('kind', '=', kind)
        .orderBy('party_id')
        .execute();
      return found.map(({ document }) => fromDocument(document));
    },

    remove: async (tenantId, party) => (await remove(tenantId, party)).numDeletedRows === 1n,

    async listDue(now, limit) {
      const found = await rows()
        .select(['tenant_id', 'document'])
        .where('next_fetch_at', '<=', now.getTime())
        .orderBy('next_fetch_at')
        .orderBy('tenant_id')
        .limit(limit)
        .execute();
      return found.map(({ tenant_id, document }) => ({ tenantId: tenant_id, followed: fromDocument(document) }));
    },

    async countFailing() {
      const { count } = await rows()
        .select(({ fn }) => fn.countAll<number | string>().as('count'))
        .where('failing_since', 'is not', null)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}

/** JSON has no times. */
function fromDocument(document: string): FollowedMetadata {
  const { party, source, fetchedAt, changedAt, settings = [], validUntil, nextFetchAt, failure } = JSON.parse(document);
  return {
    party,
    source,
    fetchedAt: new Date(fetchedAt),
    changedAt: new Date(changedAt),
    settings,
    validUntil: validUntil === null ? null : new Date(validUntil),
    nextFetchAt: new Date(nextFetchAt),
    failure: failure && { ...failure, since: new Date(failure.since) },
  };
}
