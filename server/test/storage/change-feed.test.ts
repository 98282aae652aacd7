import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Change, ChangePosition } from '../../src/directory/index.ts';
import { changeFeed } from '../../src/storage/change-feed.ts';
import { openStorage, type Storage } from '../../src/storage/index.ts';
import { onEachDatabase, openTestPostgres, type TestDatabase, testSealing } from '../databases.ts';

function change(objectId: string): Omit<Change, 'position'> {
  return { tenantId: 'tenant', at: new Date(), kind: 'user', objectId, verb: 'created', detail: null };
}

/** Reads as a job does: what is new since its place, which it keeps. */
function poller(storage: Storage, from: ChangePosition) {
  const seen: string[] = [];
  let place = from;
  return {
    seen,
    async poll(limit = 1000) {
      for (const { objectId, position } of await storage.read.changes.read(place, limit, 'tenant')) {
        seen.push(objectId);
        place = position;
      }
    },
  };
}

/** Something to wait for. */
function gate(): { opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

describe('PostgreSQL', () => {
  let database: TestDatabase;
  let storage: Storage;
  before(async () => {
    database = await openTestPostgres();
    await database.engine.migrate();
    storage = openStorage(database.engine, testSealing);
  });
  after(async () => {
    await storage.close();
    await database.drop();
  });

  test('a change whose transaction began early and commits late is not skipped by a reader who polls meanwhile', async () => {
    const { seen, poll } = poller(storage, await storage.read.changes.end());
    const appended = gate();
    const mayCommit = gate();
    const early = storage.write(async ({ changes }) => {
      await changes.append([change('early')]);
      appended.open();
      await mayCommit.opened;
    });
    await appended.opened;
    await storage.write(({ changes }) => changes.append([change('late')]));
    await poll();
    assert.deepEqual(seen, [], 'the late one is hidden while the early one may still appear before it');
    mayCommit.open();
    await early;
    await poll();
    assert.deepEqual(seen, ['early', 'late']);
  });

  test('a transaction that was numbered before it appends is waited for', async () => {
    const { seen, poll } = poller(storage, await storage.read.changes.end());
    const number = gate();
    const append = gate();
    const early = database.engine.write(async (query) => {
      await sql`select pg_current_xact_id()`.execute(query);
      number.open();
      await append.opened;
      await changeFeed(query, database.engine).append([change('early')]);
    });
    await number.opened;
    await storage.write(({ changes }) => changes.append([change('late')]));
    await poll();
    assert.deepEqual(seen, []);
    append.open();
    await early;
    await poll();
    assert.deepEqual(seen, ['early', 'late']);
  });

  test('a transaction of another database of the server hides nothing, also beside one of this database', async () => {
    const elsewhere = await openTestPostgres();
    try {
      await elsewhere.engine.migrate();
      const { seen, poll } = poller(storage, await storage.read.changes.end());
      const foreign = gate();
      const foreignMayEnd = gate();
      const holding = openStorage(elsewhere.engine, testSealing).write(async ({ changes }) => {
        await changes.append([change('foreign')]);
        foreign.open();
        await foreignMayEnd.opened;
      });
      await foreign.opened;
      await storage.write(({ changes }) => changes.append([change('first')]));
      // The server itself may have something to do for a moment.
      while (seen.length < 1) await poll();

      const own = gate();
      const ownMayEnd = gate();
      const early = storage.write(async ({ changes }) => {
        await changes.append([change('second')]);
        own.open();
        await ownMayEnd.opened;
      });
      await own.opened;
      await storage.write(({ changes }) => changes.append([change('third')]));
      await poll();
      assert.deepEqual(seen, ['first']);
      ownMayEnd.open();
      await early;
      while (seen.length < 3) await poll();
      assert.deepEqual(seen, ['first', 'second', 'third']);
      foreignMayEnd.open();
      await holding;
    } finally {
      await elsewhere.engine.close();
      await elsewhere.drop();
    }
  });

  test('a transaction reads no changes of its own, to which it may still add', async () => {
    const from = await storage.read.changes.end();
    await storage.write(async ({ changes }) => {
      await changes.append([change('own')]);
      assert.deepEqual(await changes.read(from, 10), []);
    });
    assert.equal((await storage.read.changes.read(from, 10)).length, 1);
  });

  test('a transaction that rolls back does not hide later changes for ever', async () => {
    const { seen, poll } = poller(storage, await storage.read.changes.end());
    const failing = storage.write(async ({ changes }) => {
      await changes.append([change('never')]);
      throw new Error('rolled back');
    });
    await assert.rejects(failing, /rolled back/);
    await storage.write(({ changes }) => changes.append([change('next')]));
    await poll();
    assert.deepEqual(seen, ['next']);
  });
});

onEachDatabase(({ storage }) => {
  test('a reader who polls while many write sees every change once', async () => {
    const { seen, poll } = poller(storage, await storage.read.changes.end());
    let isWriting = true;
    const reading = (async () => {
      while (isWriting) {
        await poll(7);
        await turn();
      }
    })();
    const written: string[] = [];
    const writer = async (name: string) => {
      for (let round = 0; round < 30; round++) {
        const ids = [`${name}-${round}-a`, `${name}-${round}-b`];
        await storage.write(async ({ changes, tenants }) => {
          for (const id of ids) {
            await changes.append([change(id)]);
            // Time for others to commit in between: more of it for some writers than for others.
            for (let pause = 0; pause < (round * name.length) % 5; pause++) await tenants.find('nobody');
          }
        });
        written.push(...ids);
      }
    };
    await Promise.all(['a', 'bb', 'ccc', 'dddd', 'eeeee', 'ffffff'].map(writer));
    isWriting = false;
    await reading;
    await poll();
    assert.deepEqual(seen.toSorted(), written.toSorted());
  });
});
