import { environmentName, type Setting, settingsTable } from '../settings/index.ts';
import type { Command } from './command.ts';
import { twoColumns } from './layout.ts';

/** Explains the commands and every setting. */
export function helpText(commands: readonly Command[], width?: number): string {
  const settings = Object.entries<Setting>(settingsTable);
  return `${[
    'Countersign, a self-hosted identity hub.',
    '',
    'Usage: npm start -- [command]',
    '',
    'Commands',
    twoColumns(
      commands.map(({ name, parameters, meaning }) => [
        name,
        parameters ? `${meaning}\nUsage: ${name} ${parameters}` : meaning,
      ]),
      width,
    ),
    '',
    'Settings, from the environment',
    twoColumns(
      settings.map(([name, { meaning, otherwise }]) => [environmentName(name), `${meaning}\nDefault: ${otherwise}.`]),
      width,
    ),
    '',
    'Everything else is changed while the server runs: `npx countersign --help`.',
  ].join('\n')}\n`;
}
