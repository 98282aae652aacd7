import type { ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';

/** Waits until a program answers at an address. @throws when the program ends before, or after two minutes */
export async function untilAnswered(url: string, program: ChildProcess): Promise<void> {
  const end = Date.now() + 120_000;
  while (Date.now() < end) {
    if (program.exitCode !== null) throw new Error(`${program.spawnfile} ended with ${program.exitCode}.`);
    if (await fetch(url, { redirect: 'manual' }).catch(() => undefined)) return;
    await setTimeout(100);
  }
  throw new Error(`Nobody answers at ${url}.`);
}
