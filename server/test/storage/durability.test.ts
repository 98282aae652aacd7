import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { startOwnPostgres } from '../../../tools/postgres.ts';
import { TemporaryFailure } from '../../src/refusal.ts';
import { type Engine, openPostgres, openSqlite } from '../../src/storage/index.ts';
import { createPostgresDatabase } from '../postgres-database.ts';
import { checkPairs, writePair } from './durability.ts';

const rounds = 3;

/** Runs the writer, kills it after a random number of acknowledgements, and returns all that it gave. */
async function killWhileWriting(place: string, prefix: string): Promise<string[]> {
  const program = path.join(import.meta.dirname, 'acknowledging-writer.ts');
  const writer = spawn(process.execPath, [program, place, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  const enough = randomInt(20, 400);
  let output = '';
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > enough) writer.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => writer.once('close', (_, killedBy) => resolve(killedBy)));
  assert.equal(signal, 'SIGKILL', 'the writer ended by itself');
  return output.split('\n').slice(0, -1);
}

async function checkKilledWriters(place: string, open: () => Engine): Promise<void> {
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round++) {
    acknowledged.push(...(await killWhileWriting(place, `${round}-`)));
    const engine = open();
    await checkPairs(engine, acknowledged).finally(() => engine.close());
  }
}

test('SQLite: a process that is killed during writes loses nothing that it acknowledged', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-durability-'));
  const file = path.join(folder, 'countersign.db');
  const engine = openSqlite(file);
  await engine.migrate();
  await engine.close();
  await checkKilledWriters(file, () => openSqlite(file));
  rmSync(folder, { recursive: true });
});

test('PostgreSQL: a process that is killed during writes loses nothing that it acknowledged', async () => {
  const { url, drop } = await createPostgresDatabase();
  const open = () => openPostgres(url, 4, () => {});
  const engine = open();
  await engine.migrate();
  await engine.close();
  await checkKilledWriters(url, open);
  await drop();
});

test('PostgreSQL: a database server that is killed during writes loses nothing that was acknowledged', async () => {
  const server = await startOwnPostgres();
  const engine = openPostgres(server.url, 8, () => {});
  try {
    await engine.migrate();
    const acknowledged: string[] = [];
    for (let round = 0; round < 2; round++) {
      const enough = acknowledged.length + randomInt(20, 200);
      let crashing: Promise<void> | undefined;
      const writeOn = async (_: unknown, writer: number) => {
        for (let count = 0; ; count++) {
          const id = `${round}-${writer}-${count}`;
          try {
            await writePair(engine, id);
          } catch (error) {
            assert.ok(error instanceof TemporaryFailure, `${error}`);
            return;
          }
          acknowledged.push(id);
          if (acknowledged.length >= enough) crashing ??= server.crash();
        }
      };
      await Promise.all(Array.from({ length: 8 }, writeOn));
      await crashing;
      await checkPairs(engine, acknowledged);
    }
  } finally {
    await engine.close();
    await server.stop();
  }
});
