import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScimToken } from '../../src/inbound-provisioning/index.ts';
import { openStorage, rememberReads } from '../../src/storage/index.ts';
import { onEachDatabase, testSealing } from '../databases.ts';

onEachDatabase((database) => {
  const at = new Date(1000);
  const secretOf = (objectId: string) => ({
    id: crypto.randomUUID(),
    objectId,
    displayName: null,
    hint: 'csec_abc',
    digest: 'digest',
    startsAt: at,
    endsAt: new Date(2000),
  });

  function begin() {
    let milliseconds = 0;
    let reads = 0;
    const { storage } = database;
    const { clientSecrets } = storage.read;
    const read = {
      ...storage.read,
      changes: storage.read.changes,
      clientSecrets: {
        ...clientSecrets,
        list: (...parameters: Parameters<typeof clientSecrets.list>) => {
          reads++;
          return clientSecrets.list(...parameters);
        },
      },
    };
    const remembered = rememberReads(
      { read, writeBeside: storage.writeBeside, madeWrites: storage.madeWrites },
      () => milliseconds,
    );
    const count = async (tenantId: string) => {
      await remembered.freshen();
      return (await remembered.read.clientSecrets.list(tenantId, ['owner'])).length;
    };
    return {
      storage,
      count,
      reads: () => reads,
      pass: (time: number) => {
        milliseconds += time;
      },
    };
  }

  test('an answer is read once, and again after a change in its tenant', async () => {
    const { storage, count, reads } = begin();
    assert.deepEqual([await count('once-a'), await count('once-a'), await count('once-b')], [0, 0, 0]);
    assert.equal(reads(), 2);
    await storage.write(({ clientSecrets }) => clientSecrets.insert('once-a', secretOf('owner'), at));
    assert.deepEqual([await count('once-a'), await count('once-b')], [1, 0]);
    assert.equal(reads(), 3);
  });

  test('a write that changes nothing that is remembered forgets nothing', async () => {
    const { storage, count, reads } = begin();
    await count('used');
    for (const write of [storage.write, storage.writeBeside]) {
      await write(({ usedIds }) => usedIds.use('used', crypto.randomUUID(), new Date(5000)));
      await count('used');
    }
    assert.equal(reads(), 1);
  });

  test('a change of another process is seen a tenth of a second later', async () => {
    const { count, pass } = begin();
    const other = openStorage(database.engine, testSealing);
    assert.equal(await count('other'), 0);
    await other.write(({ clientSecrets }) => clientSecrets.insert('other', secretOf('owner'), at));
    pass(100);
    assert.equal(await count('other'), 1);
  });

  test('who a SCIM client is counts until tokens change, whatever the client writes', async () => {
    const { storage } = database;
    let reads = 0;
    const scimTokens = {
      ...storage.read.scimTokens,
      findByDigest: (...parameters: Parameters<typeof storage.read.scimTokens.findByDigest>) => {
        reads++;
        return storage.read.scimTokens.findByDigest(...parameters);
      },
    };
    const { writeBeside, madeWrites } = storage;
    const remembered = rememberReads({ read: { ...storage.read, scimTokens }, writeBeside, madeWrites }, () => 0);
    const find = async () => {
      await remembered.freshen();
      return remembered.read.scimTokens.findByDigest('client', 'digest');
    };
    assert.equal(await find(), undefined);
    await storage.write(({ clientSecrets }) => clientSecrets.insert('client', secretOf('owner'), at));
    assert.equal(await find(), undefined);
    assert.equal(reads, 1);
    const token: ScimToken = {
      id: crypto.randomUUID(),
      label: 'Entra',
      scopes: ['users.write'],
      dialect: 'entra',
      contact: null,
      hint: 'cscim_abcd',
      digest: 'digest',
      previous: null,
      createdAt: at,
      expiresAt: new Date(5000),
      lastUsedAt: null,
      warnedDays: null,
    };
    await storage.write((stores) => stores.scimTokens.insert('client', token));
    assert.deepEqual(await find(), token);
    await storage.write((stores) => stores.scimTokens.update('client', { ...token, label: 'Okta' }, at));
    assert.equal((await find())?.label, 'Okta');
    await storage.write((stores) => stores.scimTokens.remove('client', token.id, at));
    assert.equal(await find(), undefined);
  });

  test('what is remembered cannot be changed', async () => {
    const { storage } = database;
    await storage.write(({ clientSecrets }) => clientSecrets.insert('frozen', secretOf('owner'), at));
    const { read } = rememberReads(storage, () => 0);
    const [secret] = await read.clientSecrets.list('frozen', ['owner']);
    assert.ok(secret);
    assert.throws(() => Object.assign(secret, { digest: 'other' }), TypeError);
  });
});
