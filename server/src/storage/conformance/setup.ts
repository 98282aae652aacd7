import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finishSetup, newSetupSecret, redeemSetupSecret } from '../../setup/index.ts';
import type { OpenedDatabase } from './database.ts';

const now = new Date('2026-03-01T10:00:00Z');
const dayLater = new Date('2026-03-02T10:00:00Z');
const bytes = (value: number) => new Uint8Array(32).fill(value);

/** What the store of the setup must do. Each test continues where the one before has ended. */
export function setupConformance({ storage }: OpenedDatabase): void {
  const secretAt = (time: Date, value: number) => storage.write((stores) => newSetupSecret(stores, time, bytes(value)));
  const redeemAt = (secret: string, time: Date) => storage.write((stores) => redeemSetupSecret(stores, secret, time));

  test('of many processes that start at once one decides which tenant is the hub’s own', async () => {
    assert.equal(await storage.read.setup.hubTenantId(), undefined);
    const ids = ['a', 'b', 'c', 'd'];
    const kept = await Promise.all(ids.map((id) => storage.write((stores) => stores.setup.keepHubTenantId(id))));
    assert.equal(kept.filter(Boolean).length, 1);
    assert.equal(await storage.read.setup.hubTenantId(), ids[kept.indexOf(true)]);
  });

  test('that the demo is due is kept until it is made', async () => {
    const { isDemoDue } = storage.read.setup;
    assert.equal(await isDemoDue(), false);
    await storage.write(({ setup }) => setup.setDemoDue(true));
    await storage.write(({ setup }) => setup.setDemoDue(true));
    assert.equal(await isDemoDue(), true);
    await storage.write(({ setup }) => setup.setDemoDue(false));
    assert.equal(await isDemoDue(), false);
  });

  test('a setup secret works for a day, and a wrong one never', async () => {
    const made = await secretAt(now, 1);
    assert.match(made?.secret ?? '', /^cssetup_[\w-]{43}$/);
    assert.deepEqual(made?.endsAt, dayLater);
    await assert.rejects(redeemAt(made?.secret ?? '', dayLater), { code: 'setup.secret_wrong' });
    await assert.rejects(redeemAt('cssetup_', now), { code: 'setup.secret_wrong' });
    await assert.rejects(redeemAt('%', now), { code: 'setup.secret_wrong' });
    assert.equal(await storage.read.setup.finishedAt(), undefined);
  });

  test('the secrets of several processes work side by side, and those that ended are forgotten', async () => {
    const later = new Date(dayLater.getTime() + 1);
    const [second, third] = [await secretAt(later, 2), await secretAt(later, 3)];
    assert.notEqual(second?.secret, third?.secret);
    await assert.rejects(redeemAt(`cssetup_${Buffer.from(bytes(1)).toString('base64url')}`, now), {
      code: 'setup.secret_wrong',
    });
  });

  test('a failed act of becoming administrator leaves the secret as it was', async () => {
    const made = await secretAt(now, 4);
    const failing = storage.write(async (stores) => {
      await redeemSetupSecret(stores, made?.secret ?? '', now);
      throw new Error('the name is taken');
    });
    await assert.rejects(failing, /the name is taken/);
    assert.equal(await storage.read.setup.finishedAt(), undefined);
  });

  test('of many who redeem a secret at once exactly one gets through, and then it is over', async () => {
    const made = await secretAt(now, 5);
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => redeemAt(made?.secret ?? '', now)));
    const codes = tries.map((result) => (result.status === 'fulfilled' ? 'done' : result.reason.code));
    assert.deepEqual(codes.toSorted(), ['done', ...Array<string>(7).fill('setup.finished')]);
    assert.deepEqual(await storage.read.setup.finishedAt(), now);
    assert.equal(await secretAt(now, 6), undefined);
    await assert.rejects(
      storage.write((stores) => finishSetup(stores, now)),
      { code: 'setup.finished' },
    );
  });
}
