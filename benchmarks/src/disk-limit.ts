import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LoadResult } from './load.ts';

/** What SQLite appends to its log for a small change. */
const bytes = 16_384;

/** How long the disk takes for one durable write after another: no commit of an embedded database can be faster. */
export function measureDisk(count: number): LoadResult {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-disk-'));
  const file = openSync(path.join(folder, 'log'), 'w');
  const block = Buffer.alloc(bytes, 7);
  const durations = new Float64Array(count);
  const usedBefore = process.cpuUsage();
  const startedAt = performance.now();
  for (let index = 0; index < count; index++) {
    const begun = performance.now();
    writeSync(file, block);
    fdatasyncSync(file);
    durations[index] = performance.now() - begun;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(usedBefore);
  closeSync(file);
  rmSync(folder, { recursive: true });
  durations.sort();
  const quantile = (part: number) => durations[Math.min(count - 1, Math.floor(count * part))] ?? 0;
  const cpu = (user + system) / 1000 / count;
  return { perSecond: count / seconds, median: quantile(0.5), p99: quantile(0.99), largest: quantile(1), cpu, count };
}
