import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Log } from '../http/index.ts';

/** The data folder cannot be used. The message says why and what to do, in one sentence. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/**
 * Makes the folder for its owner only, or makes sure that it can be written.
 *
 * @throws DataFolderError
 */
export function prepareDataFolder(folder: string, log: Log): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new DataFolderError(
      `The data folder ${folder} cannot be made or written${code}: give the user that runs the server the right to, or choose another folder with COUNTERSIGN_DATA_FOLDER.`,
      { cause: error },
    );
  }
  if (process.platform !== 'win32' && (statSync(folder).mode & 0o077) !== 0) {
    log.warn({ folder }, 'others on this machine may look into the data folder, which holds keys: use chmod 700');
  }
}

/** As `recursive` of mkdirSync, which never ends below a folder such as /proc, where nothing can be made. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(folder)) throw error;
  }
}
