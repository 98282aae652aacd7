import { spawn } from 'node:child_process';
import path from 'node:path';
import { CommandError } from './command.ts';

const program = path.resolve(import.meta.dirname, '../../server/src/main.ts');
const start = ['--disable-warning=ExperimentalWarning', program];

/** Runs a command of the server program on this machine with its output shown. Resolves to its exit code. */
export async function runServerProgram(parameters: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...start, ...parameters], { stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * What a command of the server program prints.
 *
 * @param settings  put before those of the environment
 * @throws CommandError with what it said on its error stream, when it fails.
 */
export async function readServerProgram(
  parameters: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<string> {
  const env = { ...process.env, ...settings };
  const child = spawn(process.execPath, [...start, ...parameters], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.error += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new CommandError(texts.error.trim() || `The server program ended with ${code}.`);
  return texts.out;
}
