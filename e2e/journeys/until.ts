import { setTimeout as pause } from 'node:timers/promises';

/** How long anything may take, in milliseconds: generous, since machines differ. */
export const patience = 180_000;

/** Asks again and again until there is an answer. @throws Error when there is none in the end, naming what was awaited */
export async function until<Answer>(awaited: string, ask: () => Promise<Answer | undefined>): Promise<Answer> {
  for (const deadline = Date.now() + patience; Date.now() < deadline; await pause(100)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`There was still ${awaited} after ${patience / 1000} s.`);
}
