import { readFileSync } from 'node:fs';
import { CommandError } from './command.ts';

/** @throws CommandError when the file cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(`The file ${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
