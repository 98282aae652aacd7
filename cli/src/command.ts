import type { ParseArgsConfig } from 'node:util';
import type { Output } from './output.ts';

/** What the process says to its caller; also in docs/reference/exit-codes.md. */
export const exitCodes = {
  done: 0,
  /** The command was understood and did not succeed. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** `apply --check` found differences. */
  differs: 3,
} as const;

type OptionConfig = NonNullable<ParseArgsConfig['options']>[string];

export interface CommandOption extends OptionConfig {
  meaning: string;
  /** Name of the value in the help text. */
  value?: string;
}

export type CommandValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** The text that was given with an option; undefined without the option. */
export function textOption(values: CommandValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

export interface CommandCall {
  values: CommandValues;
  positionals: string[];
  output: Output;
  /** Environment and streams are passed in so that a test can stand in for the terminal. */
  environment: Readonly<Record<string, string | undefined>>;
}

export interface Command {
  /** One or two words, such as `tenant create`. */
  name: string;
  meaning: string;
  /** Names of what stands after the options, in order; the last may end in `?`. */
  positionals?: readonly string[];
  options?: Readonly<Record<string, CommandOption>>;
  /** @returns the exit code; done when undefined. */
  run(call: CommandCall): Promise<number | undefined>;
}

/** A command of the server program, which explains and reads its own options. */
export interface MachineCommand {
  name: string;
  meaning: string;
  /** What the server program is called with, before the rest of the command line. */
  passOn: readonly string[];
}

/** Options that every command has. */
export const commonOptions: Readonly<Record<string, CommandOption>> = {
  help: { type: 'boolean', short: 'h', meaning: 'Explain the command.' },
  json: { type: 'boolean', meaning: 'Print JSON also on a terminal.' },
};

/** The command line cannot be understood. Shown with the usage of the command, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command did not succeed for a reason that a person can act on. Shown without a stack, exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
