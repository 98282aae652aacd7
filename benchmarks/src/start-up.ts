import type { Hub } from './hub.ts';

export interface StartUp {
  engine: string;
  firstMilliseconds: number;
  againMilliseconds: number;
  idleMegabytes: number;
}

/** From the start of the process to its first answer, with an empty and with an existing database, and memory when idle. */
export async function measureStartUp(hub: Hub): Promise<StartUp> {
  const firstMilliseconds = await hub.start();
  const again: number[] = [];
  for (let round = 0; round < 5; round++) {
    await hub.stop();
    again.push(await hub.start());
  }
  again.sort((a, b) => a - b);
  await new Promise((resolve) => setTimeout(resolve, 5000));
  return {
    engine: hub.engine,
    firstMilliseconds,
    againMilliseconds: again[2] ?? 0,
    idleMegabytes: hub.residentBytes() / 1_048_576,
  };
}
