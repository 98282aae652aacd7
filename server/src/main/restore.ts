import path from 'node:path';
import { openLog } from '../http/index.ts';
import { readSettings, type Settings } from '../settings/index.ts';
import { openStorage, readSealingKeyFile, restoreBackup, SealingKeyError, sealingWith } from '../storage/index.ts';
import { auditHub } from './audit-hub.ts';
import { summary } from './backup.ts';
import type { Command } from './command.ts';
import { prepareDataFolder } from './data-folder.ts';
import { needsDataFolder, openEngine } from './open-hub.ts';
import { readParameters } from './parameters.ts';
import { showProgress } from './show-progress.ts';

/** Restores a backup of either engine into an empty database of either engine. */
export const restore: Command = {
  name: 'restore',
  parameters: '<file>',
  meaning: 'Put a backup into an empty database, SQLite or PostgreSQL, whichever it comes from.',
  async run({ parameters, environment, streams }) {
    const { positionals } = readParameters(parameters, {}, ['backup file']);
    const file = path.resolve(positionals[0] ?? '');
    const settings = readSettings(environment);
    const sealing = sealingWith(existingSealingKey(settings), settings.previousSealingKeys);
    const log = openLog('silent');
    if (needsDataFolder(settings)) prepareDataFolder(settings.dataFolder, log);
    const engine = openEngine(settings, log);
    try {
      const { progress, clear } = showProgress(streams.error);
      const manifest = await restoreBackup(engine, sealing, file, progress);
      clear();
      await auditHub(openStorage(engine, sealing), 'hub.restore', path.basename(file));
      streams.out.write(`${summary(manifest)} are back as they were at ${manifest.madeAt}.\n`);
    } catch (error) {
      throw engine.explain(error);
    } finally {
      await engine.close();
    }
    return undefined;
  },
};

/** None is made, since only the key of the hub that was backed up can open its secrets. */
function existingSealingKey({ sealingKey, dataFolder }: Settings): string {
  const key = sealingKey ?? readSealingKeyFile(dataFolder);
  if (key !== undefined) return key;
  throw new SealingKeyError(
    `A restore needs the sealing key of the hub that was backed up: put its file \`sealing-key\` into ${dataFolder}, or set COUNTERSIGN_SEALING_KEY.`,
  );
}
