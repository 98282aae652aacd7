import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpenedDatabase } from './database.ts';

/** What any store of leases and any register of processes must do. */
export function jobsConformance({ storage }: OpenedDatabase): void {
  const take = (name: string, owner: string, seconds: number) =>
    storage.write(({ leases }) => leases.take(name, owner, seconds));

  test('of many who take a lease at once exactly one gets it', async () => {
    const owners = Array.from({ length: 8 }, (_, index) => `owner-${index}`);
    const results = await Promise.all(owners.map((owner) => take('contested', owner, 60)));
    assert.equal(results.filter(Boolean).length, 1);
    const winner = owners[results.indexOf(true)] ?? '';
    assert.deepEqual(
      await Promise.all(owners.map((owner) => take('contested', owner, 60))),
      owners.map((owner) => owner === winner),
    );
  });

  test('a lease is renewed by its owner, and by others only taken over when it has ended', async () => {
    assert.equal(await take('renewed', 'a', 60), true);
    assert.equal(await take('renewed', 'b', 60), false);
    assert.equal(await take('renewed', 'a', 0), true, 'the owner may shorten it');
    assert.equal(await take('renewed', 'b', 60), true);
    assert.equal(await take('renewed', 'a', 60), false, 'the former owner learns that it is lost');
  });

  test('a lease that is given back is free, unless somebody else has it by now', async () => {
    await take('released', 'a', 60);
    await storage.write(({ leases }) => leases.release('released', 'b'));
    assert.equal(await take('released', 'b', 60), false);
    await storage.write(({ leases }) => leases.release('released', 'a'));
    assert.equal(await take('released', 'b', 60), true);
  });

  test('a process is listed while it renews its entry', async () => {
    const process = (id: string) => ({ id, host: 'hub-1', pid: 7, version: '0.1.0', startedAt: new Date(1000) });
    const listed = async () => (await storage.read.processes.listAlive()).map(({ id }) => id);
    await storage.write(({ processes }) => processes.announce(process('first'), 60));
    assert.deepEqual(await storage.read.processes.listAlive(), [process('first')]);
    await storage.write(({ processes }) => processes.announce({ ...process('second'), startedAt: new Date(2000) }, 60));
    assert.deepEqual(await listed(), ['first', 'second']);
    await storage.write(({ processes }) => processes.announce(process('first'), 0));
    assert.deepEqual(await listed(), ['second'], 'its time has passed');
    await storage.write(({ processes }) => processes.announce(process('first'), 60));
    assert.deepEqual(await listed(), ['first', 'second']);
    await storage.write(({ processes }) => processes.withdraw('first'));
    assert.deepEqual(await listed(), ['second']);
  });
}
