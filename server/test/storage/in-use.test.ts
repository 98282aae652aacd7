import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkUpgrade } from '../../src/storage/index.ts';
import { onEachDatabase, openTestSqlite } from '../databases.ts';

onEachDatabase(({ engine, storage }) => {
  test('a migration is refused while processes of another version use the database, with what runs where', async () => {
    const process = { id: 'p', host: 'hub-1', pid: 4711, version: '0.0.9', startedAt: new Date(0) };
    await storage.write(({ processes }) => processes.announce(process, 60));
    await checkUpgrade(engine);

    // As a database is that has not seen the newest migration.
    await engine.write((query) => query.deleteFrom('kysely_migration' as 'meta').execute());
    await assert.rejects(checkUpgrade(engine), {
      name: 'DatabaseInUseError',
      message: /countersign 0\.0\.9 at hub-1 \(process 4711, since 1970-01-01T00:00:00\.000Z\): stop it first/,
    });
    await storage.write(({ processes }) => processes.withdraw('p'));
    await checkUpgrade(engine);
  });
});

test('a new database may be migrated', async () => {
  const { engine, drop } = await openTestSqlite();
  await checkUpgrade(engine);
  await engine.close();
  await drop();
});
