import { randomBytes } from 'node:crypto';

/** How long a session lives without a request, in milliseconds. */
const idleTime = 3_600_000;
/** The one that was not used for the longest goes first. */
const mostSessions = 10_000;

/** Keeps what belongs to a browser in this process, under a secret that only the browser's cookie knows. */
export class Sessions<Content> {
  readonly #kept = new Map<string, { content: Content; usedAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Starts a session, and returns its secret: 256 random bits. */
  start(content: Content): string {
    const secret = randomBytes(32).toString('base64url');
    this.#kept.set(secret, { content, usedAt: this.#now() });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostSessions && oldest !== undefined) this.#kept.delete(oldest);
    return secret;
  }

  find(secret: string): Content | undefined {
    const found = this.#kept.get(secret);
    this.#kept.delete(secret);
    if (!found || this.#now() - found.usedAt > idleTime) return undefined;
    // Last in the order again.
    this.#kept.set(secret, { content: found.content, usedAt: this.#now() });
    return found.content;
  }

  end(secret: string): void {
    this.#kept.delete(secret);
  }
}
