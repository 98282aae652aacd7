import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change, ChangePosition } from '../../directory/index.ts';
import type { OpenedDatabase } from './database.ts';
import { readChanges } from './read-changes.ts';

const beginning: ChangePosition = { transaction: 0, sequence: 0 };

function change(tenantId: string, objectId: string, at = 1000): Omit<Change, 'position'> {
  return { tenantId, at: new Date(at), kind: 'user', objectId, verb: 'updated', detail: { attributes: ['city'] } };
}

/** What any change feed must do. */
export function changeFeedConformance({ storage }: OpenedDatabase): void {
  const append = (...changes: Omit<Change, 'position'>[]) => storage.write((stores) => stores.changes.append(changes));
  const idsAfter = async (position: ChangePosition, count: number, tenantId?: string) =>
    (await readChanges(storage, position, count, tenantId)).map(({ objectId }) => objectId);

  test('changes come back as they were appended, oldest first, of one tenant or of all', async () => {
    const place = await storage.read.changes.end();
    await append(change('tenant-a', 'a-1'), change('tenant-b', 'b-1'));
    await append(change('tenant-a', 'a-2'));
    await readChanges(storage, place, 3);
    const [first] = await storage.read.changes.read(place, 1);
    assert.ok(first);
    const { position, ...rest } = first;
    assert.deepEqual(rest, change('tenant-a', 'a-1'));
    assert.deepEqual(await idsAfter(position, 2), ['b-1', 'a-2']);
    assert.deepEqual(await idsAfter(place, 2, 'tenant-a'), ['a-1', 'a-2']);
  });

  test('after the end of the feed come only later changes', async () => {
    await append(change('tenant-c', 'c-1'));
    await readChanges(storage, beginning, 1, 'tenant-c');
    const end = await storage.read.changes.end();
    assert.deepEqual(await idsAfter(end, 0), []);
    await append(change('tenant-c', 'c-2'));
    assert.deepEqual(await idsAfter(end, 1), ['c-2']);
  });

  test('up to a place come all changes before it, and no later ones', async () => {
    const place = await storage.read.changes.end();
    await append(change('tenant-h', 'h-1'), change('tenant-h', 'h-2'));
    await readChanges(storage, place, 2, 'tenant-h');
    const end = await storage.read.changes.end();
    await append(change('tenant-h', 'h-3'));
    const found = await storage.read.changes.read(place, 10, 'tenant-h', end);
    assert.deepEqual(
      found.map(({ objectId }) => objectId),
      ['h-1', 'h-2'],
    );
    assert.deepEqual(await storage.read.changes.read(end, 10, 'tenant-h', place), []);
  });

  test('changes after a place are counted by tenant and kind', async () => {
    const place = await storage.read.changes.end();
    assert.deepEqual(await storage.read.changes.countAfter(place), []);
    await append(change('tenant-f', 'f-1'), { ...change('tenant-g', 'g-1'), kind: 'group' });
    await append(change('tenant-f', 'f-1'));
    await readChanges(storage, place, 3);
    const counts = await storage.read.changes.countAfter(place);
    const told = counts.map(({ tenantId, kind, count }) => `${tenantId} ${kind} ${count}`);
    assert.deepEqual(told.toSorted(), ['tenant-f user 2', 'tenant-g group 1']);
  });

  test('a reader finds the place to which it had come', async () => {
    assert.equal(await storage.read.changes.findPlace('reader'), undefined);
    const { transaction, sequence } = await storage.read.changes.end();
    const place = { feedId: await storage.read.changes.feedId(), position: { transaction, sequence } };
    await storage.write(({ changes }) => changes.keepPlace('reader', { ...place, position: beginning }));
    await storage.write(({ changes }) => changes.keepPlace('reader', place));
    assert.deepEqual(await storage.read.changes.findPlace('reader'), place);
    assert.equal(await storage.read.changes.findPlace('other'), undefined);
  });

  test('a change of a write that throws is never read', async () => {
    const end = await storage.read.changes.end();
    const failing = storage.write(async ({ changes }) => {
      await changes.append([change('tenant-d', 'd-1')]);
      throw new Error('after the append');
    });
    await assert.rejects(failing, /after the append/);
    assert.deepEqual(await idsAfter(end, 0), []);
  });

  test('pruning forgets what is older, and says from where the feed is complete', async () => {
    await append(change('tenant-e', 'e-1', 5000), change('tenant-e', 'e-2', 6000));
    const last = (await readChanges(storage, beginning, 2, 'tenant-e')).at(-1);
    await append(change('tenant-e', 'e-3', 7000));
    await storage.write(({ changes }) => changes.prune(new Date(6500)));
    assert.deepEqual(await storage.read.changes.start(), last?.position);
    assert.deepEqual(await idsAfter(beginning, 1), ['e-3']);
    await storage.write(({ changes }) => changes.prune(new Date(7500)));
    assert.deepEqual(await storage.read.changes.end(), await storage.read.changes.start());
  });
}
