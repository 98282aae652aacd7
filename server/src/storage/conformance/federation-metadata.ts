import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FollowedMetadata, Party } from '../../federation-metadata/index.ts';
import type { OpenedDatabase } from './database.ts';

const provider: Party = { kind: 'identityProvider', id: 'one' };

function followed(party: Party, dueAt: number, fails: boolean): FollowedMetadata {
  return {
    party,
    source: { url: 'https://partner.example/metadata', entityId: 'urn:partner', signingCertificate: null },
    fetchedAt: new Date(1000),
    changedAt: new Date(500),
    validUntil: new Date(9000),
    settings: ['saml.singleSignOn'],
    nextFetchAt: new Date(dueAt),
    failure: fails ? { since: new Date(900), problem: 'It was away.' } : null,
  };
}

/** What any store of followed metadata, and of warnings of certificates, must do. */
export function federationMetadataConformance({ storage }: OpenedDatabase): void {
  const save = (tenantId: string, wanted: FollowedMetadata) =>
    storage.write(({ followedMetadata }) => followedMetadata.save(tenantId, wanted));

  test('followed metadata is found as it was saved last, for its party in its tenant only', async () => {
    await save('tenant-1', followed(provider, 10, false));
    await save('tenant-1', followed(provider, 20, true));
    const { followedMetadata } = storage.read;
    assert.deepEqual(await followedMetadata.find('tenant-1', provider), followed(provider, 20, true));
    assert.equal(await followedMetadata.find('tenant-2', provider), undefined);
    assert.equal(await followedMetadata.find('tenant-1', { ...provider, kind: 'relyingParty' }), undefined);
    assert.equal((await followedMetadata.list('tenant-1', 'identityProvider')).length, 1);
    assert.equal(await followedMetadata.countFailing(), 1);
    const remove = () => storage.write((stores) => stores.followedMetadata.remove('tenant-1', provider));
    assert.deepEqual([await remove(), await remove(), await followedMetadata.countFailing()], [true, false, 0]);
  });

  test('what is due is listed over all tenants, the longest overdue first', async () => {
    for (const [tenantId, dueAt] of [
      ['tenant-3', 300],
      ['tenant-4', 100],
      ['tenant-5', 200],
      ['tenant-6', 301],
    ] as const) {
      await save(tenantId, followed(provider, dueAt, false));
    }
    const due = async (limit: number) =>
      (await storage.read.followedMetadata.listDue(new Date(300), limit)).map(({ tenantId }) => tenantId);
    assert.deepEqual(await due(10), ['tenant-4', 'tenant-5', 'tenant-3']);
    assert.deepEqual(await due(1), ['tenant-4']);
  });

  test('of the warnings of a party the last is kept', async () => {
    const warning = (days: number) => ({ party: provider, endsAt: new Date(5000), days });
    await storage.write(async ({ certificateWarnings }) => {
      await certificateWarnings.save('tenant-7', warning(30));
      await certificateWarnings.save('tenant-7', warning(14));
    });
    const { certificateWarnings } = storage.read;
    assert.deepEqual(await certificateWarnings.list('tenant-7'), [warning(14)]);
    assert.equal(await certificateWarnings.count(), 1);
    await storage.write((stores) => stores.certificateWarnings.remove('tenant-7', provider));
    assert.deepEqual(await certificateWarnings.list('tenant-7'), []);
  });
}
