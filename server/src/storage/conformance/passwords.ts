import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpenedDatabase } from './database.ts';

/** What any store of passwords must do. */
export function passwordConformance({ storage }: OpenedDatabase): void {
  test('a password comes back as it was saved last, until it is removed, and in its tenant only', async () => {
    const first = { hash: 'hash-1', mustChange: true, changedAt: new Date(1000) };
    const second = { hash: 'hash-2', mustChange: false, changedAt: new Date(2000) };
    await storage.write(({ passwords }) => passwords.save('tenant-1', 'user-1', first));
    assert.deepEqual(await storage.read.passwords.find('tenant-1', 'user-1'), first);
    await storage.write(({ passwords }) => passwords.save('tenant-1', 'user-1', second));
    assert.deepEqual(await storage.read.passwords.find('tenant-1', 'user-1'), second);
    assert.deepEqual(await storage.read.passwords.findChangedAt('tenant-1', 'user-1'), second.changedAt);
    assert.equal(await storage.read.passwords.findChangedAt('tenant-2', 'user-1'), undefined);
    assert.equal(await storage.read.passwords.find('tenant-2', 'user-1'), undefined);
    await storage.write(({ passwords }) => passwords.remove('tenant-1', 'user-1'));
    assert.equal(await storage.read.passwords.find('tenant-1', 'user-1'), undefined);
  });
}
