import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after so many milliseconds, or at once when the signal is given. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** Waits without keeping the program alive. */
export const waitForTime: Wait = async (milliseconds, signal) => {
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => {});
};
