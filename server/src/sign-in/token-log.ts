import type { SignInEvent } from './sign-in-event.ts';
import type { SignInEventStore } from './store.ts';

/** What is gathered: tokens that a client got, or did not get, without a person at a page. */
export type TokenEvent = SignInEvent & { type: Exclude<SignInEvent['type'], 'interactiveUser'> };

interface Writing {
  signInEvents: SignInEventStore;
}

/** Different events that are gathered before they are written at once. */
const mostGathered = 1_000;

/**
 * The part of the sign-in log that programs fill, which ask again and again: equal events become one that counts them, and
 * all are written together. A process that is killed loses what it has gathered since.
 */
export class TokenLog {
  readonly #write: (work: (stores: Writing) => Promise<void>) => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #gathered = new Map<string, { tenantId: string; event: TokenEvent }>();

  constructor(write: (work: (stores: Writing) => Promise<void>) => Promise<void>, onError: (error: unknown) => void) {
    this.#write = write;
    this.#onError = onError;
  }

  add(tenantId: string, event: TokenEvent): void {
    const { type, userId, appId, actor, resource, flow, failure, address, userAgent } = event;
    const applications = [appId, actor?.appId, resource?.appId];
    const key = JSON.stringify([tenantId, type, userId, ...applications, flow, failure, address, userAgent]);
    const known = this.#gathered.get(key)?.event;
    this.#gathered.set(key, { tenantId, event: known ? { ...known, count: known.count + event.count } : event });
    if (this.#gathered.size >= mostGathered) void this.flush();
  }

  /** Writes what was gathered. Never rejects: what cannot be written is reported and dropped. */
  async flush(): Promise<void> {
    const gathered = [...this.#gathered.values()];
    this.#gathered = new Map();
    if (gathered.length === 0) return;
    await this.#write(async ({ signInEvents }) => {
      for (const { tenantId, event } of gathered) await signInEvents.append(tenantId, event);
    }).catch(this.#onError);
  }
}
