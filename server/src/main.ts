// Reads the settings, builds everything, listens. The only place that wires.
import { readSettings } from './settings/index.ts';
import {
  checkSealingKey,
  makeSealingKeyFile,
  openPostgres,
  openSqlite,
  openStorage,
  sealingWith,
} from './storage/index.ts';

const settings = readSettings(process.env);
const engine =
  settings.databaseUrl === undefined
    ? openSqlite(`${settings.dataFolder}/countersign.db`)
    : openPostgres(settings.databaseUrl, settings.databasePoolSize, () => {});
await engine.migrate();
const sealing = sealingWith(
  settings.sealingKey ?? makeSealingKeyFile(settings.dataFolder),
  settings.previousSealingKeys,
);
await checkSealingKey(engine, sealing);
await openStorage(engine, sealing).close();
