/**
 * What the server program can be asked for on its command line, one file per command, and the wiring of all features and
 * adapters. Each failure of a start becomes one sentence and an exit code of its own.
 */
import { backup } from './backup.ts';
import type { Command, CommandCall } from './command.ts';
import { UsageError } from './command.ts';
import { doctor } from './doctor/index.ts';
import { explainFailure } from './exit-codes.ts';
import { helpText } from './help.ts';
import { reseal } from './reseal.ts';
import { restore } from './restore.ts';
import { rotateKey } from './rotate-key.ts';
import { serve } from './serve.ts';
import { token } from './token.ts';

export { exitCodes } from './exit-codes.ts';

const help: Command = {
  name: 'help',
  meaning: 'Explain the commands and settings.',
  async run({ streams }) {
    streams.out.write(helpText(commands, streams.out.columns));
    return undefined;
  },
};

/** Every command. The first is meant when there is none. */
export const commands: readonly Command[] = [serve, token, rotateKey, backup, restore, reseal, doctor, help];

/** Runs what the command line asks for, and resolves to the exit code. Never throws. */
export async function runCommandLine(call: CommandCall): Promise<number> {
  try {
    const { command, parameters } = findCommand(call.parameters);
    return (await command.run({ ...call, parameters })) ?? 0;
  } catch (error) {
    const { code, text } = explainFailure(error);
    call.streams.error.write(`${text}\n`);
    return code;
  }
}

function findCommand(words: readonly string[]): { command: Command; parameters: readonly string[] } {
  if (words.some((word) => word === '--help' || word === '-h')) return { command: help, parameters: [] };
  if (words.length === 0) return { command: serve, parameters: [] };
  for (const command of commands) {
    const name = command.name.split(' ');
    if (name.every((word, index) => words[index] === word)) return { command, parameters: words.slice(name.length) };
  }
  throw new UsageError(`There is no command ${words[0]}: \`npm start -- --help\` shows them all.`);
}
