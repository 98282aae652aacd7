import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';

/** Makes a file, or the names in a folder, survive a power cut. */
export function syncPath(path: string): void {
  const isFolder = statSync(path).isDirectory();
  // Windows cannot open folders and writes their names by itself.
  if (isFolder && process.platform === 'win32') return;
  const descriptor = openSync(path, isFolder ? 'r' : 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
