import { readSettings } from '../settings/index.ts';
import { resealAll } from '../storage/index.ts';
import { auditHub } from './audit-hub.ts';
import type { Command } from './command.ts';
import { withHub } from './open-hub.ts';
import { readParameters } from './parameters.ts';

/** The last step of changing the sealing key, after every server was started with the new and the previous one. */
export const reseal: Command = {
  name: 'sealing rotate',
  meaning:
    'Seal every secret anew with COUNTERSIGN_SEALING_KEY, so that COUNTERSIGN_PREVIOUS_SEALING_KEYS can be left out from then on.',
  async run({ parameters, environment, streams }) {
    readParameters(parameters, {});
    const count = await withHub(readSettings(environment), async ({ engine, storage, sealing }) => {
      const resealed = await resealAll(engine, sealing);
      await auditHub(storage, 'hub.reseal', 'sealing key');
      return resealed;
    });
    streams.out.write(`${count} secrets were sealed anew.\n`);
    return undefined;
  },
};
