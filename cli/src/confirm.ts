import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CommandError } from './command.ts';

/**
 * Asks a person on the terminal for a yes.
 *
 * @throws CommandError when nobody can answer, or the person stops the command instead.
 */
export async function confirm(question: string): Promise<boolean> {
  requireTerminal('Add --yes to go on without being asked.');
  return /^y(es)?$/i.test((await ask(`${question} [y/N] `, process.stderr)).trim());
}

/**
 * Asks for a secret without showing what is typed.
 *
 * @throws CommandError as `confirm` does.
 */
export async function askSecret(question: string): Promise<string> {
  requireTerminal('Give it by an option or an environment variable.');
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const answered = ask('', nowhere);
  // Only now, when the terminal has stopped to show what is typed.
  process.stderr.write(`${question}: `);
  try {
    return await answered;
  } finally {
    process.stderr.write('\n');
  }
}

async function ask(question: string, output: NodeJS.WritableStream): Promise<string> {
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await reader.question(question);
  } catch (error) {
    // Ctrl-C or Ctrl-D, which the reader takes for itself.
    if (error instanceof Error && error.name === 'AbortError') throw new CommandError('Stopped.');
    throw error;
  } finally {
    reader.close();
  }
}

function requireTerminal(instead: string): void {
  if (!process.stdin.isTTY) throw new CommandError(`There is no terminal to ask on. ${instead}`);
}
