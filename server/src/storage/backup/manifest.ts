import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { migrationNames } from '../migrations/index.ts';
import { SqliteConnection } from '../sqlite/connection.ts';
import type { TableDigest } from './table.ts';

/** What a backup says about itself, in its table `backup_manifest`. */
export interface BackupManifest {
  /** Version of this form of backups. */
  format: 1;
  /** Version of the program that made it. */
  version: string;
  /** Last migration of the database, which says what the tables mean. */
  migration: string;
  /** ISO 8601, UTC. */
  madeAt: string;
  tables: Record<string, TableDigest>;
}

/** A backup cannot be written or restored. The message says what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** Completes a backup file. */
export function writeManifest(file: string, manifest: BackupManifest): void {
  const database = new DatabaseSync(file);
  try {
    database.exec('create table backup_manifest (manifest text not null)');
    database.prepare('insert into backup_manifest (manifest) values (?)').run(JSON.stringify(manifest));
  } finally {
    database.close();
  }
}

/** An opened backup file. */
export interface OpenedBackup {
  manifest: BackupManifest;
  connection: SqliteConnection;
}

/**
 * Opens a backup for reading.
 *
 * @throws BackupError when the file is no backup, or one whose tables this version does not know.
 */
export function openBackup(file: string): OpenedBackup {
  if (!existsSync(file)) throw new BackupError(`There is no file ${file}: name the backup that \`backup\` wrote.`);
  const connection = new SqliteConnection(file, true);
  try {
    const manifest = readManifest(connection.database, file);
    if (!migrationNames.includes(manifest.migration)) {
      throw new BackupError(
        `${file} was made by version ${manifest.version}, which is newer: restore it with that version.`,
      );
    }
    return { manifest, connection };
  } catch (error) {
    connection.database.close();
    throw error;
  }
}

function readManifest(database: DatabaseSync, file: string): BackupManifest {
  try {
    const text = database.prepare('select manifest from backup_manifest').get()?.['manifest'];
    return JSON.parse(String(text));
  } catch (cause) {
    throw new BackupError(`${file} is no backup of Countersign, or was not written to its end.`, { cause });
  }
}
