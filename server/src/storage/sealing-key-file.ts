import { randomBytes, randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { SealingKeyError } from './sealing.ts';
import { syncPath } from './sync-path.ts';

/** The file of the data folder that holds the sealing key when no setting does. */
export function sealingKeyFile(dataFolder: string): string {
  return path.join(dataFolder, 'sealing-key');
}

/**
 * The sealing key of a data folder, in base64url; undefined when the folder has none.
 *
 * @throws SealingKeyError when the file holds something else.
 */
export function readSealingKeyFile(dataFolder: string): string | undefined {
  const file = sealingKeyFile(dataFolder);
  if (!existsSync(file)) return undefined;
  const key = readFileSync(file, 'utf8').trim();
  if (!/^[A-Za-z0-9_-]{43}$/.test(key)) {
    throw new SealingKeyError(
      `${file} holds no sealing key of 43 characters: put the file back from where it is kept.`,
    );
  }
  return key;
}

/** A fresh sealing key, in base64url. */
export function newSealingKey(): string {
  return randomBytes(32).toString('base64url');
}

/** As `readSealingKeyFile`, but makes the file, readable for its owner only. Processes that start at once get one key. */
export function makeSealingKeyFile(dataFolder: string): string {
  const existing = readSealingKeyFile(dataFolder);
  if (existing !== undefined) return existing;
  const draft = path.join(dataFolder, `.sealing-key-${randomUUID()}`);
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, `${newSealingKey()}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    // A link appears with its whole content or not at all, and never replaces what another process has made.
    linkSync(draft, sealingKeyFile(dataFolder));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
  syncPath(dataFolder);
  return makeSealingKeyFile(dataFolder);
}
