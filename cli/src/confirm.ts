import { createInterface } from 'node:readline/promises';
import { CommandError } from './command.ts';

/**
 * Asks a person on the terminal for a yes.
 *
 * @throws CommandError when nobody can answer.
 */
export async function confirm(question: string): Promise<boolean> {
  requireTerminal('Add --yes to go on without being asked.');
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await reader.question(`${question} [y/N] `)).trim());
  } finally {
    reader.close();
  }
}

/** Asks for a secret without showing what is typed. */
export async function askSecret(question: string): Promise<string> {
  requireTerminal('Give it by an option or an environment variable.');
  process.stderr.write(`${question}: `);
  process.stdin.setRawMode(true);
  let text = '';
  try {
    for await (const chunk of process.stdin.setEncoding('utf8')) {
      for (const character of String(chunk)) {
        if (character === '\r' || character === '\n') return text;
        if (character === '\u0003') throw new CommandError('Stopped.');
        text = character === '\u007f' ? text.slice(0, -1) : text + character;
      }
    }
    return text;
  } finally {
    process.stdin.setRawMode(false);
    process.stdin.pause();
    process.stderr.write('\n');
  }
}

function requireTerminal(instead: string): void {
  if (!process.stdin.isTTY) throw new CommandError(`There is no terminal to ask on. ${instead}`);
}
