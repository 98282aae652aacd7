import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Argon2, Argon2Parameters } from './password-hasher.ts';

/** A password that is hashed, or compared with a kept hash. */
export interface Argon2Task {
  kept: string | undefined;
  password: string;
  parameters: Argon2Parameters | undefined;
}

/**
 * argon2 on threads of its own, which give way to everything else in the process: in the pool of Node they would take
 * processor time from the event loop and places from signatures. As many start as are busy at one time, the first with the
 * first password; they stay.
 */
export function argon2Threads(): Argon2 {
  const idle: Worker[] = [];

  async function compute(task: Argon2Task): Promise<unknown> {
    const thread = idle.pop() ?? new Worker(new URL('./argon2-thread.ts', import.meta.url));
    thread.ref();
    thread.postMessage(task);
    // Rejects with the error of a thread that has ended: the next task gets another one.
    const [result] = await once(thread, 'message');
    // Waiting for work keeps no process from ending.
    thread.unref();
    idle.push(thread);
    return result;
  }

  return {
    hash: async (password, parameters) => String(await compute({ kept: undefined, password, parameters })),
    verify: async (kept, password) => (await compute({ kept, password, parameters: undefined })) === true,
  };
}
