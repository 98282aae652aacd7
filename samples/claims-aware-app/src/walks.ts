import type { Person, ProtocolName } from './person.ts';
import { newSecret, type Session } from './sessions.ts';

/** A sign-in that has begun and is not finished. */
export interface Walk {
  /** Of the browser that began it: no other can finish it. */
  session: Session;
  protocol: ProtocolName;
  /** Path to go to afterwards. */
  returnTo: string;
  /** Who came back. */
  person?: Person;
}

const most = 10_000;

/**
 * Sign-ins on their way. The hub posts its answer from its own site, where browsers send no cookie of ours along; so the
 * answer waits here until the browser has come back by itself.
 */
export class Walks {
  readonly #begun = new Map<string, Walk>();

  begin(walk: Walk): string {
    const id = newSecret();
    this.#begun.set(id, walk);
    const [oldest] = this.#begun.keys();
    if (this.#begun.size > most && oldest !== undefined) this.#begun.delete(oldest);
    return id;
  }

  /** Keeps the answer for the browser that began the walk. False when there is none that waits for it. */
  arrive(id: string, person: Person): boolean {
    const walk = this.#begun.get(id);
    if (walk?.protocol !== person.protocol || walk.person) return false;
    walk.person = person;
    return true;
  }

  /** The walk, once, for the browser that began it. */
  finish(id: string, session: Session | undefined): Walk | undefined {
    const walk = this.#begun.get(id);
    if (!walk?.person || walk.session !== session) return undefined;
    this.#begun.delete(id);
    return walk;
  }
}
