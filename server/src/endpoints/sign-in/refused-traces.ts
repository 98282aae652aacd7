import { RecentlyUsed } from '../../recently-used.ts';
import type { SignInTrace, SignInTraceStore } from '../../sign-in/index.ts';

interface TraceStorage {
  write(work: (stores: { signInTraces: SignInTraceStore }) => Promise<void>): Promise<void>;
}

/** Traces of refused requests that are kept at once of an application, and of all requests that name none. */
const most = 60;
/** How many more each second. */
const perSecond = 0.5;
/** Of so many applications it is remembered how many were kept lately. */
const remembered = 10_000;

/**
 * Keeps traces of requests that were refused. Anybody can send those, and each is a durable write: beyond a number per
 * application they are dropped, which leaves enough to see what is wrong.
 */
export class RefusedTraces {
  readonly #storage: TraceStorage;
  readonly #allowances = new RecentlyUsed<{ left: number; at: number }>(remembered);

  constructor(storage: TraceStorage) {
    this.#storage = storage;
  }

  async keep(tenantId: string, trace: SignInTrace, now: Date): Promise<void> {
    if (!this.#take(`${tenantId} ${trace.applicationId ?? ''}`, now.getTime() / 1000)) return;
    await this.#storage.write(({ signInTraces }) => signInTraces.save(tenantId, trace));
  }

  #take(key: string, at: number): boolean {
    const { left, at: before } = this.#allowances.get(key) ?? { left: most, at };
    const filled = Math.min(most, left + Math.max(0, at - before) * perSecond);
    this.#allowances.keep(key, { left: Math.max(0, filled - 1), at });
    return filled >= 1;
  }
}
