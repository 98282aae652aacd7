import type { LoadResult } from './load.ts';
import type { StartUp } from './start-up.ts';

/** One line of the table of measurements. */
export interface Row extends LoadResult {
  what: string;
  engine: string;
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
