import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Gives memory back to the system that only the start has needed: 18 of 118 MB, which V8 would keep for an idle process.
 * Nothing else runs meanwhile, for about 50 milliseconds.
 */
export function giveBackMemory(): void {
  setFlagsFromString('--expose-gc');
  const collectGarbage: NodeJS.GCFunction = runInNewContext('gc');
  collectGarbage({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
