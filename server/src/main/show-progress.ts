import type { Progress } from '../storage/index.ts';
import type { TextStream } from './command.ts';

/** Shows on a terminal how far a copy has come, on one line that is written again and again. */
export function showProgress(stream: TextStream): { progress: Progress; clear(): void } {
  const write = (text: string) => stream.columns && stream.write(`\r\x1b[K${text}`);
  return {
    progress: (table, rows) => write(`${table}: ${rows.toLocaleString('en')} rows`),
    clear: () => write(''),
  };
}
