import { type Command, type CommandOption, commonOptions, type MachineCommand } from './command.ts';

/** All commands, one a line. */
export function overview(commands: readonly (Command | MachineCommand)[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Usage: countersign <command> [options]',
    '',
    ...commands.map(({ name, meaning }) => `  ${name.padEnd(width)}  ${firstSentence(meaning)}`),
    '',
    '`countersign <command> --help` explains a command. Results are tables on a terminal and JSON elsewhere.',
    '',
  ].join('\n');
}

/** One command with its options. */
export function commandHelp({ name, meaning, positionals = [], options = {} }: Command): string {
  const shown = Object.entries({ ...options, ...commonOptions }).map(
    ([option, config]) => [optionName(option, config), config.meaning] as const,
  );
  const width = Math.max(...shown.map(([option]) => option.length));
  const places = positionals.map((place) => (place.endsWith('?') ? `[${place.slice(0, -1)}]` : `<${place}>`));
  return [
    `Usage: ${['countersign', name, ...places, '[options]'].join(' ')}`,
    '',
    meaning,
    '',
    ...shown.map(([option, text]) => `  ${option.padEnd(width)}  ${text}`),
    '',
  ].join('\n');
}

function optionName(name: string, { short, type, value }: CommandOption): string {
  return `${short ? `-${short}, ` : ''}--${name}${type === 'string' ? ` <${value ?? 'text'}>` : ''}`;
}

function firstSentence(text: string): string {
  return text.split('. ')[0]?.replace(/\.$/, '') ?? text;
}
