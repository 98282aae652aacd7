// Reads the settings, builds everything, listens. The only place that wires.
import { readSettings } from './settings/index.ts';
import { openPostgres, openSqlite, openStorage } from './storage/index.ts';

const settings = readSettings(process.env);
const engine =
  settings.databaseUrl === undefined
    ? openSqlite(`${settings.dataFolder}/countersign.db`)
    : openPostgres(settings.databaseUrl, settings.databasePoolSize, () => {});
await engine.migrate();
await openStorage(engine).close();
