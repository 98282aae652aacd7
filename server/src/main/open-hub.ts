import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Log, openLog } from '../http/index.ts';
import type { Settings } from '../settings/index.ts';
import {
  checkSealingKey,
  DatabaseUnusableError,
  type Engine,
  makeSealingKeyFile,
  openPostgres,
  openSqlite,
  openStorage,
  type Sealing,
  type Storage,
  sealingWith,
  upgrade,
} from '../storage/index.ts';
import { prepareDataFolder } from './data-folder.ts';

/** The opened database with everything that every command needs of it. */
export interface Hub {
  engine: Engine;
  storage: Storage;
  sealing: Sealing;
}

/**
 * Opens the database that the settings name, made and migrated where it has to be, and makes sure that the sealing key is
 * its own.
 *
 * @throws DataFolderError, DatabaseUnusableError, DatabaseTooNewError, DatabaseInUseError, SealingKeyError
 */
export async function openHub(settings: Settings, log: Log): Promise<Hub> {
  const { dataFolder, sealingKey, previousSealingKeys } = settings;
  if (needsDataFolder(settings)) prepareDataFolder(dataFolder, log);
  const engine = openEngine(settings, log);
  try {
    await upgrade(engine);
    const sealing = sealingWith(sealingKey ?? makeSealingKeyFile(dataFolder), previousSealingKeys);
    await checkSealingKey(engine, sealing);
    return { engine, storage: openStorage(engine, sealing), sealing };
  } catch (error) {
    await engine.close();
    throw engine.explain(error);
  }
}

/**
 * Does something to a hub that is there already, and closes it. Nothing is logged.
 *
 * @throws what `openHub` throws, and DatabaseUnusableError when there is no database yet
 */
export async function withHub<Result>(settings: Settings, work: (hub: Hub) => Promise<Result>): Promise<Result> {
  const file = databaseFile(settings);
  if (file !== undefined && !existsSync(file)) {
    throw new DatabaseUnusableError(
      `There is no database ${file}: start the server once, or name its folder with COUNTERSIGN_DATA_FOLDER.`,
    );
  }
  const hub = await openHub(settings, openLog('silent'));
  try {
    return await work(hub);
  } finally {
    await hub.storage.close();
  }
}

/** The file of the embedded database; undefined with PostgreSQL. */
export function databaseFile({ databaseUrl, dataFolder }: Settings): string | undefined {
  return databaseUrl === undefined ? path.join(dataFolder, 'countersign.db') : undefined;
}

/** Whether the settings need the data folder at all. */
export function needsDataFolder({ databaseUrl, tls }: Settings): boolean {
  return databaseUrl === undefined || tls.mode === 'local';
}

/** The database that the settings name, as it is. @throws DatabaseUnusableError */
export function openEngine(settings: Settings, log: Log): Engine {
  const { dataFolder, databaseUrl, databasePoolSize } = settings;
  if (databaseUrl === undefined) return openSqlite(path.join(dataFolder, 'countersign.db'));
  return openPostgres(databaseUrl, databasePoolSize, (error) => log.warn({ error }, 'a connection was lost'));
}
