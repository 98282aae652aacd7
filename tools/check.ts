// Everything that judges the source without running it: lint and format, types, unused code.
import { pathToFileURL } from 'node:url';
import { run } from './commands.ts';

/** Runs every check, also after one has failed, so that one run shows all there is to mend. */
export async function check(): Promise<boolean> {
  const results = [
    await run('biome', ['ci', ...(process.stdout.isTTY ? [] : ['--colors=off']), '--error-on-warnings', '.']),
    await run('tsc', ['-p', 'protocols/tsconfig.json']),
    await run('tsc', ['-p', 'tsconfig.json']),
    await run('knip', ['--no-progress']),
  ];
  return results.every(Boolean);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = (await check()) ? 0 : 1;
