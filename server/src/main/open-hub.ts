import path from 'node:path';
import type { Log } from '../http/index.ts';
import type { Settings } from '../settings/index.ts';
import {
  checkSealingKey,
  checkUpgrade,
  type Engine,
  makeSealingKeyFile,
  openPostgres,
  openSqlite,
  openStorage,
  type Sealing,
  type Storage,
  sealingWith,
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
  const { dataFolder, databaseUrl, sealingKey, previousSealingKeys } = settings;
  if (databaseUrl === undefined || settings.tls.mode === 'local') prepareDataFolder(dataFolder, log);
  const engine =
    databaseUrl === undefined
      ? openSqlite(path.join(dataFolder, 'countersign.db'))
      : openPostgres(databaseUrl, settings.databasePoolSize, (error) => log.warn({ error }, 'a connection was lost'));
  try {
    await checkUpgrade(engine);
    await engine.migrate();
    const sealing = sealingWith(sealingKey ?? makeSealingKeyFile(dataFolder), previousSealingKeys);
    await checkSealingKey(engine, sealing);
    return { engine, storage: openStorage(engine, sealing), sealing };
  } catch (error) {
    await engine.close();
    throw engine.explain(error);
  }
}
