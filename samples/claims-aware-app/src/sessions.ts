import { createHash, randomBytes } from 'node:crypto';
import type { Person } from './person.ts';

/** How long a session lives without a request, in milliseconds. */
const idleTime = 3_600_000;
/** The one that was not used for the longest goes first. */
const most = 10_000;

/** What is known of one browser. */
export interface Session {
  /** Proof that a form came from a page of ours. */
  csrf: string;
  person: Person | undefined;
  /** Shown on the next page. */
  notice: string | undefined;
}

/**
 * Keeps what belongs to browsers in this process. A browser's cookie holds the secret of its session; who knows only the
 * digest of the secret can end the session and nothing else.
 */
export class Sessions {
  readonly #kept = new Map<string, { session: Session; usedAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Starts a session, and returns its secret: 256 random bits. */
  start(session: Session): string {
    const secret = newSecret();
    this.#keep(digestOf(secret), session);
    return secret;
  }

  find(secret: string): Session | undefined {
    const digest = digestOf(secret);
    const found = this.#kept.get(digest);
    this.#kept.delete(digest);
    if (!found || this.#now() - found.usedAt > idleTime) return undefined;
    this.#keep(digest, found.session);
    return found.session;
  }

  end(digest: string): void {
    this.#kept.delete(digest);
  }

  /** Ends the sessions of whom this is said. */
  endOf(isMeant: (person: Person) => boolean): void {
    for (const [digest, { session }] of this.#kept) if (session.person && isMeant(session.person)) this.end(digest);
  }

  #keep(digest: string, session: Session): void {
    this.#kept.set(digest, { session, usedAt: this.#now() });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > most && oldest !== undefined) this.end(oldest);
  }
}

/** 256 random bits. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
