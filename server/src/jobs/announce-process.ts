import type { ProcessRegister, ServerProcess } from './store.ts';
import { type Wait, waitForTime } from './wait.ts';

export interface Announced {
  /** Takes the process out of the register. */
  withdraw(): Promise<void>;
}

/** A process that was killed is taken for alive for so long. */
const aliveSeconds = 30;

/** Enters this process in the register and keeps it there until it is withdrawn or dies. */
export async function announceProcess(
  register: ProcessRegister,
  process: ServerProcess,
  onError: (error: unknown) => void,
  wait: Wait = waitForTime,
): Promise<Announced> {
  const stopping = new AbortController();
  await register.announce(process, aliveSeconds);
  const loop = repeat();
  return {
    async withdraw() {
      stopping.abort();
      await loop;
      await register.withdraw(process.id);
    },
  };

  async function repeat(): Promise<void> {
    for (;;) {
      await wait((aliveSeconds * 1000) / 3, stopping.signal);
      if (stopping.signal.aborted) return;
      await register.announce(process, aliveSeconds).catch(onError);
    }
  }
}
