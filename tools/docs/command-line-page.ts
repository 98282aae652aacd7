import { commands } from '../../cli/src/commands/index.ts';
import { commandHelp } from '../../cli/src/help.ts';
import { commands as serverCommands } from '../../server/src/main/index.ts';
import { code, table } from './markdown.ts';

/** What both programs say about their commands. */
export function commandLinePage(): string {
  const ofMachine = commands.filter((command) => 'passOn' in command).map(({ name }) => code(name));
  const explained = commands.flatMap((command) =>
    'passOn' in command ? [] : `### ${command.name}\n\n\`\`\`\n${commandHelp(command).trimEnd()}\n\`\`\``,
  );
  const server = serverCommands.map(({ name, parameters, meaning }) => [
    code(name),
    parameters === undefined ? '' : code(parameters),
    meaning,
  ]);
  return `# Command line

Two programs: \`countersign\`, which talks to a hub over the management API, and the server program, which works on the machine of the
hub. [Exit codes](exit-codes.md) and [settings](settings.md) have pages of their own.

## countersign

Called as \`npx countersign <command>\`. Without a command, or with \`--help\`, it lists all; \`--help\` after a command explains it.
${ofMachine.join(', ')} work on the machine of the hub and call the server program, below.

${explained.join('\n\n')}

## The server program

Called as \`npm start -- <command>\`.

${table(['Command', 'Parameters', 'What it does'], server)}
`;
}
