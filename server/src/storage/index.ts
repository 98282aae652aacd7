/**
 * The stores of all features on Kysely, over one of two engines: embedded SQLite or a PostgreSQL server. What differs
 * between the engines is in `sqlite/` and `postgres/`, behind the interface `Engine`; everything else is written once.
 */

export { BackupError, type BackupManifest } from './backup/manifest.ts';
export { restoreBackup } from './backup/restore-backup.ts';
export { type Progress, writeBackup } from './backup/write-backup.ts';
export { databaseTime } from './database-time.ts';
export type { Engine } from './engine.ts';
export { storageErrors } from './errors.ts';
export { DatabaseInUseError, upgrade } from './in-use.ts';
export { DatabaseTooNewError, formOf } from './migrations/index.ts';
export { openStorage } from './open-storage.ts';
export { openPostgres } from './postgres/index.ts';
export { rememberReads } from './remembered-reads.ts';
export { resealAll } from './reseal.ts';
export { type Sealing, SealingKeyError, sealingWith } from './sealing.ts';
export { makeSealingKeyFile, newSealingKey, readSealingKeyFile, sealingKeyFile } from './sealing-key-file.ts';
export { checkSealingKey, verifySealingKey } from './sealing-proof.ts';
export { openSqlite } from './sqlite/index.ts';
export type { Storage, Stores } from './storage.ts';
export { DatabaseUnusableError } from './unusable.ts';
