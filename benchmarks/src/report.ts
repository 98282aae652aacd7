import type { LoadResult } from './load.ts';
import type { StartUp } from './start-up.ts';

/** One line of the table of measurements. */
export interface Row extends LoadResult {
  what: string;
  engine: string;
}

/** What provisioning did, with so many users in scope. */
export interface ProvisioningRow {
  what: string;
  engine: string;
  users: number;
  perSecond: number;
  /** Milliseconds, where each was timed. */
  median: number | undefined;
  p95: number | undefined;
  largest: number | undefined;
  /** Milliseconds of processor time that the hub used for each. */
  cpu: number;
  /** Of the target, for each. */
  requests: number;
  /** Resident memory of the hub, the most that was seen. */
  megabytes: number;
}

export function provisioningTable(rows: readonly ProvisioningRow[]): string {
  const milliseconds = (value: number | undefined) => (value === undefined ? '' : `${Math.round(value)} ms`);
  return markdown(
    ['what', 'engine', 'users', 'per second', 'median', 'p95', 'largest', 'CPU each', 'requests each', 'memory'],
    rows.map((row) => [
      row.what,
      row.engine,
      String(row.users),
      row.perSecond.toFixed(1),
      milliseconds(row.median),
      milliseconds(row.p95),
      milliseconds(row.largest),
      `${row.cpu.toFixed(2)} ms`,
      row.requests.toFixed(1),
      `${Math.round(row.megabytes)} MB`,
    ]),
  );
}

export function startUpTable(results: readonly StartUp[]): string {
  return markdown(
    ['engine', 'first start, empty', 'start again (median of 5)', 'idle resident memory'],
    results.map((result) => [
      result.engine,
      `${Math.round(result.firstMilliseconds)} ms`,
      `${Math.round(result.againMilliseconds)} ms`,
      `${Math.round(result.idleMegabytes)} MB`,
    ]),
  );
}

/** The row, for whoever waits for the table. */
export function printProgress({ what, engine, perSecond, median, p99, cpu }: Row): void {
  const times = `median ${median.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, CPU ${cpu.toFixed(2)} ms`;
  console.error(`${engine}: ${what}: ${perSecond.toFixed(0)}/s, ${times}`);
}

export function loadTable(rows: readonly Row[]): string {
  return markdown(
    ['what', 'engine', 'per second', 'median', 'p99', 'largest', 'CPU each', 'requests'],
    rows.map((row) => [
      row.what,
      row.engine,
      row.perSecond.toFixed(0),
      `${row.median.toFixed(2)} ms`,
      `${row.p99.toFixed(2)} ms`,
      `${row.largest.toFixed(1)} ms`,
      `${row.cpu.toFixed(2)} ms`,
      String(row.count),
    ]),
  );
}

function markdown(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}
