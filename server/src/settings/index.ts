/**
 * The few settings that must be known before the database is there, read from `COUNTERSIGN_*`. Relies on nothing; knows
 * neither the files nor the network that the settings name. What unsafe values need is said in `settings.ts`.
 */
export { environmentName, type Setting } from './setting.ts';
export { readSettings, type Settings, SettingsError } from './settings.ts';
export { settingsTable } from './table.ts';
