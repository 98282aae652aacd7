import { environmentName, type Setting, settingsTable } from '../../server/src/settings/index.ts';
import { code, table } from './markdown.ts';

/** Every start-up setting. */
export function settingsPage(): string {
  const rows = Object.entries<Setting>(settingsTable).map(([name, { meaning, otherwise, isSecret }]) => [
    code(environmentName(name)),
    isSecret ? `${meaning} **Secret.**` : meaning,
    otherwise,
  ]);
  return `# Settings

What must be known before the database is there, from the environment. Everything else is data and changed through the
management API while the server runs. Unsafe values are refused unless a setting says that they are meant; a name that does not
exist is refused as well.

${table(['Variable', 'Meaning', 'Default'], rows)}
`;
}
