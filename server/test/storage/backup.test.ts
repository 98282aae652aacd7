import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Change } from '../../src/directory/index.ts';
import { copiedTables, digestTable, pagesOf, type Row } from '../../src/storage/backup/table.ts';
import {
  type BackupManifest,
  checkSealingKey,
  type Engine,
  formOf,
  openStorage,
  restoreBackup,
  type Storage,
  sealingWith,
  writeBackup,
} from '../../src/storage/index.ts';
import { migrationNames } from '../../src/storage/migrations/index.ts';
import type { Database } from '../../src/storage/schema.ts';
import { openTestPostgres, openTestSqlite, type TestDatabase, testSealing } from '../databases.ts';

const now = new Date('2026-03-01T10:00:00Z');
const engines = { SQLite: openTestSqlite, PostgreSQL: openTestPostgres };
type EngineName = keyof typeof engines;

const folder = mkdtempSync(path.join(tmpdir(), 'countersign-backup-'));
const opened: TestDatabase[] = [];
after(async () => {
  for (const { engine, drop } of opened) {
    await engine.close();
    await drop();
  }
  rmSync(folder, { recursive: true });
});

const newFile = () => path.join(folder, `${crypto.randomUUID()}.backup`);

async function openMigrated(name: EngineName): Promise<{ engine: Engine; storage: Storage }> {
  const database = await engines[name]();
  opened.push(database);
  await database.engine.migrate();
  return { engine: database.engine, storage: openStorage(database.engine, testSealing) };
}

/** The tables of a backup with the types of their columns. */
function tablesOf(file: string) {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return copiedTables(database).map((table) => {
      const columns = database.prepare('select name, type from pragma_table_info(?)').all(table.name);
      return {
        ...table,
        types: Object.fromEntries(columns.map(({ name, type }) => [String(name), String(type).toLowerCase()])),
      };
    });
  } finally {
    database.close();
  }
}

const tricky = ['', "'", '"', '\\', '\n', 'ß', 'Ω', '\u{1f511}', '\u{10ffff}', '%', '_', '{"a":1}', '\u0001', '\uffff'];

/** Fills every table with rows whose values are hard to copy, whatever they mean. */
async function fill(engine: Engine, rowsPerTable: number): Promise<void> {
  const file = newFile();
  await writeBackup(engine, file, '0.1.0', now);
  for (const { name, columns, types } of tablesOf(file)) {
    const value = (column: string, row: number, place: number) => {
      if (column === 'sequence') return row + 1;
      // The transactions of changes go down while the sequence goes up, as late commits may do.
      if (column === 'transaction_id') return Math.floor((rowsPerTable - row) / 2);
      if (types[column] === 'integer') return row % 2;
      if (types[column] === 'bigint') return row % 2 ? -row : Number.MAX_SAFE_INTEGER - row;
      return `${tricky[(row + place) % tricky.length]}${row}`;
    };
    const rows = Array.from({ length: rowsPerTable }, (_, row) =>
      Object.fromEntries(columns.map((column, place) => [column, value(column, row, place)])),
    );
    await engine.write((query) =>
      query
        .insertInto(name as keyof Database)
        .values(rows as never)
        .execute(),
    );
  }
  const feedStart = { name: 'feed_start', value: '{"transaction":0,"sequence":0}' };
  await engine.write((query) => query.insertInto('meta').values(feedStart).execute());
  await engine.write((query) => engine.continueSequence(query, 'change', rowsPerTable));
}

async function rowsOf(engine: Engine, file: string, name: string): Promise<Row[]> {
  const table = tablesOf(file).find((one) => one.name === name);
  assert.ok(table);
  const rows: Row[] = [];
  for await (const page of pagesOf(engine.reader, table)) rows.push(...page);
  return rows;
}

const redeemable = {
  tenant_id: 'tenant',
  kind: 'refreshToken',
  digest: 'digest',
  family_digest: null,
  alias_digest: null,
  content: '{}',
  expires_at: Number.MAX_SAFE_INTEGER,
  redeemed_at: null,
};

for (const from of Object.keys(engines) as EngineName[]) {
  for (const to of Object.keys(engines) as EngineName[]) {
    describe(`from ${from} to ${to}`, () => {
      let source: Awaited<ReturnType<typeof openMigrated>>;
      let target: typeof source;
      const file = newFile();
      let manifest: BackupManifest;
      before(async () => {
        source = await openMigrated(from);
        target = await openMigrated(to);
        await checkSealingKey(source.engine, testSealing);
        await fill(source.engine, 410);
        await source.engine.write((query) => query.insertInto('redeemable').values(redeemable).execute());
        await source.storage.write((stores) => stores.setup.addSecret('digest', new Date(now.getTime() + 60_000)));
        manifest = await writeBackup(source.engine, file, '0.1.0', now);
        await restoreBackup(target.engine, testSealing, file);
      });

      test('a restored database equals the one that was backed up', async () => {
        const tables = tablesOf(file);
        assert.deepEqual(
          Object.keys(manifest.tables),
          tables.map(({ name }) => name),
        );
        for (const table of tables) {
          assert.ok((manifest.tables[table.name]?.rows ?? 0) >= 410, table.name);
          if (table.name === 'meta' || table.name === 'change') continue;
          assert.deepEqual(await digestTable(target.engine.reader, table), manifest.tables[table.name], table.name);
        }
        await checkSealingKey(target.engine, testSealing);
      });

      test('the feed of a restored database has a new id, the same changes in the same order, and goes on', async () => {
        const { engine, storage } = target;
        const withoutPlace = ({ transaction_id, sequence, ...change }: Row) => change;
        const changes = await rowsOf(engine, file, 'change');
        assert.deepEqual(changes.map(withoutPlace), (await rowsOf(source.engine, file, 'change')).map(withoutPlace));
        assert.deepEqual(
          changes.map(({ transaction_id, sequence }) => [transaction_id, sequence]),
          changes.map((_, index) => [0, index + 2]),
        );
        assert.notEqual(await storage.read.changes.feedId(), await source.storage.read.changes.feedId());
        assert.deepEqual(await storage.read.changes.start(), { transaction: 0, sequence: 1 });
        const end = await storage.read.changes.end();
        const change = { tenantId: 'tenant', at: now, kind: 'user', objectId: 'new', verb: 'created', detail: null };
        await storage.write((stores) => stores.changes.append([change as Omit<Change, 'position'>]));
        const [next, ...more] = await storage.read.changes.read(end, 10);
        assert.deepEqual([next?.objectId, more], ['new', []]);
      });

      test('what works once does not work again after a restore', async () => {
        const { setup, redeemables } = target.storage.read;
        assert.equal(await setup.secretEndsAt('digest'), undefined);
        assert.equal(await redeemables.find('tenant', 'refreshToken', 'digest'), undefined);
      });
    });
  }
}

for (const name of Object.keys(engines) as EngineName[]) {
  describe(name, () => {
    test('a backup that is made during writes holds whole transactions only', async () => {
      const { engine } = await openMigrated(name);
      const row = (tenant_id: string, id: string) => ({
        tenant_id,
        id,
        at: 0,
        actor_kind: 'system',
        actor_id: null,
        actor_name: null,
        verb: 'x',
        object_kind: 'x',
        object_id: null,
        object_name: null,
        outcome: 'success',
        reason: null,
        changes: null,
        correlation_id: '',
      });
      let isWriting = true;
      let written = 0;
      const writeOne = async () => {
        const id = String(written++).padStart(8, '0');
        // The first table that is copied and the last one, among others between them.
        await engine.write(async (query) => {
          await query.insertInto('audit_event').values(row('a', id)).execute();
          await query.insertInto('tenant_host').values({ host_key: id, tenant_id: 'a' }).execute();
        });
      };
      for (let count = 0; count < 300; count++) await writeOne();
      const writing = (async () => {
        while (isWriting) {
          await Promise.all(Array.from({ length: 10 }, writeOne));
          await nextTurn();
        }
      })();
      const file = newFile();
      const { tables } = await writeBackup(engine, file, '0.1.0', now).finally(() => {
        isWriting = false;
      });
      await writing;
      assert.ok((tables['audit_event']?.rows ?? 0) >= 300);
      assert.ok(written > (tables['audit_event']?.rows ?? 0), 'writes went on during the backup');
      assert.equal(tables['audit_event']?.rows, tables['tenant_host']?.rows);
    });

    test('a backup of an older version is restored and brought to the newest form', async () => {
      const [oldest = ''] = migrationNames;
      const open = async () => {
        const database = await engines[name]();
        opened.push(database);
        return database.engine;
      };
      const [source, target] = [await open(), await open()];
      await source.migrate(oldest);
      await fill(source, 20);
      const file = newFile();
      const manifest = await writeBackup(source, file, '0.0.1', now);
      assert.equal(manifest.migration, oldest);
      await restoreBackup(target, testSealing, file);
      assert.equal(await formOf(target), 'current');
      assert.equal((await target.reader.selectFrom('tenant').select('id').execute()).length, 20);

      const newer = await openMigrated(name);
      await assert.rejects(restoreBackup(newer.engine, testSealing, file), {
        name: 'BackupError',
        message: /it has a newer form than the backup: restore into a new one/,
      });
    });

    test('a restore that is interrupted leaves the database as it was', async () => {
      const source = await openMigrated('SQLite');
      await fill(source.engine, 30);
      const file = newFile();
      await writeBackup(source.engine, file, '0.1.0', now);
      const { engine, storage } = await openMigrated(name);
      const feedId = await storage.read.changes.feedId();
      const interrupt = (table: string) => {
        if (table === 'tenant_host') throw new Error('interrupted');
      };
      await assert.rejects(restoreBackup(engine, testSealing, file, interrupt), /interrupted/);
      for (const table of tablesOf(file)) {
        if (table.name === 'meta') continue;
        assert.equal((await digestTable(engine.reader, table)).rows, 0, table.name);
      }
      assert.equal(await storage.read.changes.feedId(), feedId);
      await restoreBackup(engine, testSealing, file);
    });

    test('a database that is in use or not empty is not restored into', async () => {
      const { engine, storage } = await openMigrated(name);
      const file = newFile();
      await writeBackup(engine, file, '0.1.0', now);
      const server = { id: 'p', host: 'hub-1', pid: 4711, version: '0.0.9', startedAt: now };
      await storage.write(({ processes }) => processes.announce(server, 60));
      await assert.rejects(restoreBackup(engine, testSealing, file), {
        name: 'DatabaseInUseError',
        message: /countersign 0\.0\.9 at hub-1 \(process 4711, since 2026-03-01T10:00:00\.000Z\): stop it first/,
      });
      await storage.write(({ processes }) => processes.withdraw('p'));
      await engine.write((query) =>
        query.insertInto('tenant_host').values({ host_key: 'h', tenant_id: 't' }).execute(),
      );
      await assert.rejects(restoreBackup(engine, testSealing, file), {
        name: 'BackupError',
        message: /not empty, it has rows in tenant_host: restore into a new one/,
      });
    });
  });
}

test('a backup is one file for its owner only, and never overwrites another', async () => {
  const { engine } = await openMigrated('SQLite');
  const alone = mkdtempSync(path.join(folder, 'alone-'));
  const file = path.join(alone, 'hub.backup');
  await writeBackup(engine, file, '0.1.0', now);
  assert.deepEqual(readdirSync(alone), ['hub.backup']);
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  await assert.rejects(writeBackup(engine, file, '0.1.0', now), { name: 'BackupError', message: /exists already/ });
  assert.deepEqual(readdirSync(alone), ['hub.backup']);
  const failing = path.join(alone, 'failing.backup');
  const fail = () => {
    throw new Error('disk full');
  };
  await assert.rejects(writeBackup(engine, failing, '0.1.0', now, fail), /disk full/);
  assert.deepEqual(readdirSync(alone), ['hub.backup']);
});

test('a file that is no whole backup of this form is refused before anything is written', async () => {
  const source = await openMigrated('SQLite');
  await checkSealingKey(source.engine, testSealing);
  await fill(source.engine, 300);
  const good = newFile();
  await writeBackup(source.engine, good, '0.1.0', now);
  const changed = (statement: string) => {
    const file = newFile();
    copyFileSync(good, file);
    const database = new DatabaseSync(file);
    database.exec(statement);
    database.close();
    return file;
  };
  const text = newFile();
  writeFileSync(text, 'not a database, but long enough to look like one'.repeat(100));
  const cut = newFile();
  copyFileSync(good, cut);
  truncateSync(cut, statSync(good).size / 2);
  const holed = newFile();
  const bytes = readFileSync(good);
  writeFileSync(holed, bytes.fill(0, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.6)));
  const refused: [string, RegExp][] = [
    [path.join(folder, 'nowhere'), /There is no file/],
    [text, /is no backup of Countersign/],
    [cut, /is no backup of Countersign, or was not written to its end/],
    [holed, /is damaged/],
    [changed('drop table backup_manifest'), /is no backup of Countersign/],
    [
      changed('update backup_manifest set manifest = replace(manifest, \'"migration":"\', \'"migration":"9\')'),
      /was made by version 0\.1\.0, which is newer: restore it with that version/,
    ],
    [changed("update tenant set display_name = 'other' where rowid = 5"), /is damaged: the table tenant/],
    [changed('delete from audit_event where id = (select max(id) from audit_event)'), /damaged: the table audit_event/],
  ];
  const { engine } = await openMigrated('SQLite');
  for (const [file, message] of refused) {
    await assert.rejects(restoreBackup(engine, testSealing, file), { name: 'BackupError', message });
  }
  await assert.rejects(restoreBackup(engine, sealingWith('E'.repeat(43)), good), { name: 'SealingKeyError' });
  await restoreBackup(engine, testSealing, good);
});
