import type { Writable } from 'node:stream';

/** What a command shows: tables and sentences on a terminal, JSON elsewhere or when asked for. */
export interface Output {
  readonly isJson: boolean;
  /** The result. As JSON it is the value; for people it is a table of the columns, or one pair a line for an object. */
  result(value: object | readonly object[], columns?: readonly string[]): void;
  /** A sentence for people; not part of the result and never on standard output. */
  note(text: string): void;
  /** Where a long work stands. One line that replaces itself on a terminal, nothing elsewhere. */
  progress(text: string): void;
}

export interface Streams {
  out: Writable & { isTTY?: boolean };
  error: Writable & { isTTY?: boolean; columns?: number };
}

/** @param asked  true when `--json` was given */
export function createOutput({ out, error }: Streams, asked: boolean): Output {
  const isJson = asked || out.isTTY !== true;
  let progressShown = false;
  const clearProgress = () => {
    if (progressShown) error.write('\r\u001b[2K');
    progressShown = false;
  };
  return {
    isJson,
    result(value, columns) {
      clearProgress();
      if (isJson) out.write(`${JSON.stringify(value, null, 2)}\n`);
      else out.write(Array.isArray(value) ? table(value, columns) : pairs(value));
    },
    note(text) {
      clearProgress();
      error.write(`${text}\n`);
    },
    progress(text) {
      if (error.isTTY !== true) return;
      error.write(`\r\u001b[2K${text.slice(0, (error.columns ?? 80) - 1)}`);
      progressShown = true;
    },
  };
}

/** Rows under their column names, each column as wide as its longest value. */
export function table(rows: readonly object[], columns?: readonly string[]): string {
  if (rows.length === 0) return 'none\n';
  const names = columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) => names.map((name) => display(Reflect.get(row, name))));
  const widths = names.map((name, index) => Math.max(name.length, ...cells.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return `${[names, widths.map((width) => '-'.repeat(width)), ...cells].map(line).join('\n')}\n`;
}

function pairs(value: object): string {
  const entries = Object.entries(value).filter(([name]) => !name.startsWith('@odata.'));
  const width = Math.max(...entries.map(([name]) => name.length));
  return `${entries.map(([name, content]) => `${name.padEnd(width)}  ${display(content)}`).join('\n')}\n`;
}

function display(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(display).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
