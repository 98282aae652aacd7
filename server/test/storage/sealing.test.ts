import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import fc from 'fast-check';
import {
  checkSealingKey,
  makeSealingKeyFile,
  openStorage,
  readSealingKeyFile,
  resealAll,
  SealingKeyError,
  sealingWith,
} from '../../src/storage/index.ts';
import { sealedColumns } from '../../src/storage/reseal.ts';
import { onEachDatabase } from '../databases.ts';

const [keyA, keyB] = ['A', 'B'].map((letter) => letter.repeat(42).concat('A')) as [string, string];
const now = new Date();
const place = { table: 'signing_key', tenantId: 'tenant-1', id: 'key-1' };

test('a sealed secret is opened where it was sealed and nowhere else', () => {
  const sealing = sealingWith(keyA);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (secret) => {
      assert.equal(sealing.open(place, sealing.seal(place, secret)), secret);
    }),
  );
  const sealed = sealing.seal(place, 'secret');
  assert.notEqual(sealing.seal(place, 'secret'), sealed);
  for (const other of [{ table: 'meta' }, { tenantId: 'tenant-2' }, { id: 'key-2' }]) {
    assert.throws(() => sealing.open({ ...place, ...other }, sealed), SealingKeyError);
  }
});

test('a sealed secret that was changed anywhere is not opened', () => {
  const sealing = sealingWith(keyA);
  const sealed = sealing.seal(place, 'secret');
  // The last character carries bits that are not read.
  for (let at = 0; at < sealed.length - 1; at++) {
    const changed = `${sealed.slice(0, at)}${sealed[at] === 'x' ? 'y' : 'x'}${sealed.slice(at + 1)}`;
    assert.throws(() => sealing.open(place, changed), SealingKeyError, changed);
  }
  for (const broken of ['', '1', '1..', sealed.slice(0, 30), `2${sealed.slice(1)}`]) {
    assert.throws(() => sealing.open(place, broken), SealingKeyError, broken);
  }
});

test('a previous key opens what it sealed, and the current key seals', () => {
  const sealedByA = sealingWith(keyA).seal(place, 'secret');
  const both = sealingWith(keyB, [keyA]);
  assert.equal(both.open(place, sealedByA), 'secret');
  assert.equal(both.isCurrent(sealedByA), false);
  const sealedByBoth = both.seal(place, 'secret');
  assert.equal(both.isCurrent(sealedByBoth), true);
  assert.equal(sealingWith(keyB).open(place, sealedByBoth), 'secret');
  assert.throws(() => sealingWith(keyB).open(place, sealedByA), /COUNTERSIGN_PREVIOUS_SEALING_KEYS/);
});

onEachDatabase(({ engine }) => {
  test('a database that was sealed with another key is refused with what to do', async () => {
    await checkSealingKey(engine, sealingWith(keyA));
    await checkSealingKey(engine, sealingWith(keyA));
    await checkSealingKey(engine, sealingWith(keyB, [keyA]));
    await assert.rejects(checkSealingKey(engine, sealingWith(keyB)), {
      name: 'SealingKeyError',
      message: /set COUNTERSIGN_SEALING_KEY/,
    });
  });

  test('every column of sealed text is known to be sealed again', async () => {
    const tables = await engine.reader.introspection.getTables();
    const sealed = tables.flatMap(({ name, columns }) =>
      columns.filter((column) => column.name.startsWith('sealed_')).map((column) => `${name}.${column.name}`),
    );
    assert.deepEqual(sealed.sort(), sealedColumns.map(({ table, column }) => `${table}.${column}`).sort());
  });

  test('after everything is sealed again the previous key is not needed any more', async () => {
    const both = sealingWith(keyB, [keyA]);
    const id = (index: number) => `key-${String(index).padStart(3, '0')}`;
    const key = { algorithm: 'RS256', publicJwk: {}, certificate: '', createdAt: now, signsFrom: now } as const;
    const secrets = Array.from({ length: 230 }, (_, index) => ({ id: id(index), secret: `secret ${index}` }));
    await checkSealingKey(engine, sealingWith(keyA));
    for (const [remainder, sealing] of [both, sealingWith(keyA), sealingWith(keyA)].entries()) {
      await openStorage(engine, sealing).write(async ({ signingKeys }) => {
        for (const { id, secret } of secrets.filter((_, index) => index % 3 === remainder)) {
          await signingKeys.insert('tenant-1', { ...key, id, signsUntil: null, publishedUntil: null }, secret);
        }
      });
    }
    await assert.rejects(resealAll(engine, sealingWith(keyB)), { name: 'SealingKeyError' });
    assert.equal(await resealAll(engine, both), 153);
    assert.equal(await resealAll(engine, both), 0);
    await checkSealingKey(engine, sealingWith(keyB));
    const { signingKeys } = openStorage(engine, sealingWith(keyB)).read;
    for (const { id, secret } of secrets) assert.equal(await signingKeys.findPrivateKey('tenant-1', id), secret);
    await assert.rejects(checkSealingKey(engine, sealingWith(keyA)), { name: 'SealingKeyError' });
  });
});

const folder = mkdtempSync(path.join(tmpdir(), 'countersign-sealing-'));
after(() => rmSync(folder, { recursive: true }));

test('processes that start at once make one sealing key, which only its owner can read', async () => {
  const program = path.resolve(import.meta.dirname, '../../src/storage/sealing-key-file.ts');
  const script = `import { makeSealingKeyFile } from ${JSON.stringify(program)}; console.log(makeSealingKeyFile(process.argv[1]));`;
  const starts = Array.from({ length: 4 }, () =>
    promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, folder]),
  );
  const keys = (await Promise.all(starts)).map(({ stdout }) => stdout.trim());
  assert.equal(new Set(keys).size, 1);
  assert.equal(readSealingKeyFile(folder), keys[0]);
  assert.deepEqual(readdirSync(folder), ['sealing-key']);
  if (process.platform !== 'win32') assert.equal(statSync(path.join(folder, 'sealing-key')).mode & 0o777, 0o600);
});

test('a sealing key file that was cut short is refused, not replaced', () => {
  const broken = mkdtempSync(path.join(folder, 'broken-'));
  writeFileSync(path.join(broken, 'sealing-key'), 'AAAA');
  assert.throws(() => makeSealingKeyFile(broken), /holds no sealing key/);
});
