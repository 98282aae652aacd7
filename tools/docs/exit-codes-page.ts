import { exitCodes as commandLineExitCodes } from '../../cli/src/command.ts';
import { exitCodes } from '../../server/src/main/index.ts';
import { table } from './markdown.ts';

const commandLineMeanings: Record<keyof typeof commandLineExitCodes, string> = {
  done: 'Done.',
  failed: 'The command was understood and did not succeed.',
  usage: 'The command line is wrong.',
  differs: '`apply --check` found differences.',
};

/** The exit codes of both programs. */
export function exitCodesPage(): string {
  const server = Object.values(exitCodes).map(({ code, meaning }) => [String(code), meaning]);
  const commandLine = Object.entries(commandLineMeanings).map(([name, meaning]) => [
    String(commandLineExitCodes[name as keyof typeof commandLineMeanings]),
    meaning,
  ]);
  return `# Exit codes

## The server (\`npm start\`, \`countersign start\`)

${table(['Code', 'Meaning'], server)}

## The command line (\`countersign\`)

${table(['Code', 'Meaning'], commandLine)}

Commands that are done by the server program on this machine end with its code.
`;
}
