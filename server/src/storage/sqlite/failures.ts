import { setTimeout as sleep } from 'node:timers/promises';
import { TemporaryFailure } from '../../refusal.ts';
import { DatabaseUnusableError } from '../unusable.ts';

/** How long another process may hold the file's lock while we open it, in milliseconds. */
export const openingPatience = 2_000;
/** How long another process may hold the lock while we want to write. */
export const writingPatience = 10_000;

/** What is wrong with a file, by SQLite's primary result code. https://www.sqlite.org/rescode.html */
const reasons: Readonly<Record<number, string>> = {
  5: 'is locked by another program: end that one, or wait until it is done',
  8: 'may not be written: give the user that runs the server the right to',
  10: 'cannot be read or written: check the disk',
  11: 'is damaged: restore a backup',
  13: 'has no more room: make room on the disk',
  14: 'cannot be opened: check that the data folder is there and that the user that runs the server may write to it',
  26: 'is no SQLite database: move it away, or restore a backup in its place',
};

/** SQLite's primary result code of an error, which stands in the low byte of the extended one. */
function resultCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
}

/** True when another process holds the lock. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === 5;
}

/** A DatabaseUnusableError where the file is to blame; the error itself otherwise. */
export function explainSqliteError(file: string, error: unknown): unknown {
  const known = error instanceof TemporaryFailure ? error.cause : error;
  const reason = reasons[resultCode(known) ?? -1];
  return reason ? new DatabaseUnusableError(`The database ${file} ${reason}.`, { cause: error }) : error;
}

/**
 * Does the work as soon as no other process holds the lock, without blocking this one meanwhile.
 *
 * @param patience  in milliseconds
 * @throws whatever the work throws, the code for a held lock only after the patience is at its end
 */
export async function whenFree<Result>(patience: number, work: () => Result | Promise<Result>): Promise<Result> {
  const giveUpAt = performance.now() + patience;
  for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUpAt) throw error;
      await sleep(pause);
    }
  }
}
