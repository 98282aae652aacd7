import path from 'node:path';
import { readSettings } from '../settings/index.ts';
import { type BackupManifest, writeBackup } from '../storage/index.ts';
import { auditHub } from './audit-hub.ts';
import type { Command } from './command.ts';
import { withHub } from './open-hub.ts';
import { readParameters } from './parameters.ts';
import { showProgress } from './show-progress.ts';
import { version } from './version.ts';

/** Backs up the database, also while servers run. The sealing key is no part of it. */
export const backup: Command = {
  name: 'backup',
  parameters: '<file> [--json]',
  meaning:
    'Write everything into one new file, also while the server runs. Keep the sealing key elsewhere: it is not in it.',
  async run({ parameters, environment, streams }) {
    const { values, positionals } = readParameters(parameters, { json: { type: 'boolean' } }, ['file to write']);
    const file = path.resolve(positionals[0] ?? '');
    const { progress, clear } = showProgress(streams.error);
    const manifest = await withHub(readSettings(environment), async ({ engine, storage }) => {
      const written = await writeBackup(engine, file, version, new Date(), progress);
      await auditHub(storage, 'hub.back_up', path.basename(file));
      return written;
    });
    clear();
    streams.out.write(values.json ? `${JSON.stringify({ file, ...manifest })}\n` : `${file}: ${summary(manifest)}.\n`);
    return undefined;
  },
};

/** What a backup holds, in words. */
export function summary({ tables }: BackupManifest): string {
  const all = Object.values(tables);
  const rows = all.reduce((sum, table) => sum + table.rows, 0);
  return `${rows.toLocaleString('en')} rows of ${all.length} tables`;
}
