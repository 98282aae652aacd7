import { parseArgs } from 'node:util';
import { type Command, CommandError, commonOptions, exitCodes, type MachineCommand, UsageError } from './command.ts';
import { explainRefusal } from './connection.ts';
import { commandHelp, overview } from './help.ts';
import { createOutput, type Streams } from './output.ts';
import { runServerProgram } from './server-program.ts';

/**
 * Finds the command of a command line and runs it. Never throws: every failure becomes one sentence on the error stream
 * and an exit code.
 */
export async function runCommand(
  commands: readonly (Command | MachineCommand)[],
  parameters: readonly string[],
  streams: Streams,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const command = findCommand(commands, parameters);
  if (!command) {
    const asked = parameters.find((parameter) => !parameter.startsWith('-'));
    if (asked === undefined) streams.out.write(overview(commands));
    else streams.error.write(`There is no command ${asked}.\n\n${overview(commands)}`);
    return asked === undefined ? exitCodes.done : exitCodes.usage;
  }
  if ('passOn' in command) {
    return runServerProgram([...command.passOn, ...parameters.slice(command.name.split(' ').length)]);
  }
  try {
    const { values, positionals } = parse(command, parameters);
    if (values['help'] === true) {
      streams.out.write(commandHelp(command));
      return exitCodes.done;
    }
    checkPositionals(command, positionals);
    const output = createOutput(streams, values['json'] === true);
    return (await command.run({ values, positionals, output, environment })) ?? exitCodes.done;
  } catch (error) {
    if (error instanceof UsageError) {
      streams.error.write(`${error.message}\n\n${commandHelp(command)}`);
      return exitCodes.usage;
    }
    const told = explainRefusal(error);
    streams.error.write(`${told instanceof CommandError ? told.message : unexpected(told)}\n`);
    return exitCodes.failed;
  }
}

/** The command with the most words that the command line begins with. */
function findCommand(
  commands: readonly (Command | MachineCommand)[],
  parameters: readonly string[],
): Command | MachineCommand | undefined {
  return commands
    .filter(({ name }) => name.split(' ').every((word, index) => parameters[index] === word))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

function parse(command: Command, parameters: readonly string[]) {
  try {
    return parseArgs({
      args: parameters.slice(command.name.split(' ').length),
      options: { ...commonOptions, ...command.options },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function checkPositionals(command: Command, given: readonly string[]): void {
  const wanted = command.positionals ?? [];
  const missing = wanted.slice(given.length).find((name) => !name.endsWith('?'));
  if (missing !== undefined) throw new UsageError(`<${missing}> is missing.`);
  const extra = given[wanted.length];
  if (extra !== undefined) throw new UsageError(`${extra} is one too many.`);
}

function unexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
