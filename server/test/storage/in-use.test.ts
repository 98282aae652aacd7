import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formOf, upgrade } from '../../src/storage/index.ts';
import { migrationNames } from '../../src/storage/migrations/index.ts';
import { processRegister } from '../../src/storage/processes.ts';
import { openTestPostgres, openTestSqlite } from '../databases.ts';

for (const [name, open] of Object.entries({ SQLite: openTestSqlite, PostgreSQL: openTestPostgres })) {
  test(`${name}: a migration is refused while processes of another version use the database, with what runs where`, async () => {
    const { engine, drop } = await open();
    await engine.migrate(migrationNames.at(-2));
    const process = { id: 'p', host: 'hub-1', pid: 4711, version: '0.0.9', startedAt: new Date(0) };
    await engine.write((query) => processRegister(engine, query).announce(process, 60));
    await assert.rejects(upgrade(engine), {
      name: 'DatabaseInUseError',
      message: /countersign 0\.0\.9 at hub-1 \(process 4711, since 1970-01-01T00:00:00\.000Z\): stop it first/,
    });
    assert.equal(await formOf(engine), 'older');
    await engine.write((query) => processRegister(engine, query).withdraw('p'));
    await upgrade(engine);
    assert.equal(await formOf(engine), 'current');
    await engine.close();
    await drop();
  });

  test(`${name}: a new database is brought to the newest form`, async () => {
    const { engine, drop } = await open();
    assert.equal(await formOf(engine), 'older');
    await upgrade(engine);
    assert.equal(await formOf(engine), 'current');
    await engine.close();
    await drop();
  });
}
