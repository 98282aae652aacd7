import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SigningKey } from '../../issuance/index.ts';
import type { OpenedDatabase } from './database.ts';

function key(id: string, signsFrom: number, times: Partial<SigningKey> = {}): SigningKey {
  return {
    id,
    algorithm: 'RS256',
    publicJwk: { kty: 'RSA', n: 'n', e: 'AQAB' },
    certificate: 'certificate',
    createdAt: new Date(signsFrom),
    signsFrom: new Date(signsFrom),
    signsUntil: null,
    publishedUntil: null,
    ...times,
  };
}

/** What any store of signing keys must do. */
export function signingKeyConformance({ engine, storage }: OpenedDatabase): void {
  test('a signing key comes back as it was kept, and its private part only when asked for', async () => {
    const kept = key('key-1', 1000, { signsUntil: new Date(2000), publishedUntil: new Date(3000) });
    await storage.write(({ signingKeys }) => signingKeys.insert('tenant-1', kept, 'private'));
    assert.deepEqual(await storage.read.signingKeys.list('tenant-1'), [kept]);
    assert.equal(await storage.read.signingKeys.findPrivateKey('tenant-1', 'key-1'), 'private');
  });

  test('a private key is sealed, and cannot be opened when its row is moved to another tenant', async () => {
    await storage.write(({ signingKeys }) => signingKeys.insert('tenant-2', key('key-2', 1000), 'private'));
    const rows = engine.reader
      .selectFrom('signing_key')
      .select('sealed_private_key')
      .where('tenant_id', '=', 'tenant-2');
    assert.match((await rows.executeTakeFirstOrThrow()).sealed_private_key, /^1\.[\w-]{8}\.[\w-]+$/);
    await engine.write((query) =>
      query.updateTable('signing_key').set({ tenant_id: 'tenant-3' }).where('tenant_id', '=', 'tenant-2').execute(),
    );
    await assert.rejects(storage.read.signingKeys.findPrivateKey('tenant-3', 'key-2'), { name: 'SealingKeyError' });
    await storage.write(({ signingKeys }) => signingKeys.remove('tenant-3', 'key-2'));
  });

  test('a signing key of another tenant is never seen, changed or removed', async () => {
    const kept = key('key-4', 1000);
    await storage.write(async ({ signingKeys }) => {
      await signingKeys.insert('tenant-4', kept, 'private');
      await signingKeys.update('tenant-5', { ...kept, signsUntil: new Date(5) });
      await signingKeys.remove('tenant-5', 'key-4');
    });
    assert.deepEqual(await storage.read.signingKeys.list('tenant-4'), [kept]);
    assert.deepEqual(await storage.read.signingKeys.list('tenant-5'), []);
    assert.equal(await storage.read.signingKeys.findPrivateKey('tenant-5', 'key-4'), undefined);
  });

  test('keys are listed that are the newest since a time, or need not be published any more', async () => {
    const past = new Date(Date.UTC(2000, 0));
    await storage.write(async ({ signingKeys }) => {
      await signingKeys.insert('tenant-6', key('old', 100, { signsUntil: past, publishedUntil: past }), '');
      await signingKeys.insert('tenant-6', key('new', 200), '');
    });
    const newest = await storage.read.signingKeys.listNewestBefore(new Date(200), 10);
    assert.deepEqual(
      newest.map((entry) => [entry.tenantId, entry.key.id]),
      [['tenant-6', 'new']],
    );
    const expired = await storage.read.signingKeys.listExpired(past, 10);
    assert.ok(expired.some((entry) => entry.tenantId === 'tenant-6' && entry.key.id === 'old'));
    assert.ok(!expired.some((entry) => entry.key.id === 'new'));
  });
}
