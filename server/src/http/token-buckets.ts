import { RecentlyUsed } from '../recently-used.ts';

interface Bucket {
  tokens: number;
  at: number;
}

/** Most callers that are counted at a time: 100,000 buckets take about 15 MB. */
const mostBuckets = 100_000;

/**
 * Limits how often each caller may come: a bucket of tokens for each, filled evenly up to one minute's worth. Whoever was
 * not seen for longest is forgotten first, and a forgotten bucket is a full one.
 */
export class TokenBuckets {
  readonly #perMinute: number;
  readonly #buckets: RecentlyUsed<Bucket>;

  /** @param perMinute  0 for no limit */
  constructor(perMinute: number, most = mostBuckets) {
    this.#perMinute = perMinute;
    this.#buckets = new RecentlyUsed(most);
  }

  /**
   * Takes a token. Returns 0, or the whole seconds after which there will be one.
   *
   * @param now  milliseconds of a clock that never goes back
   */
  take(caller: string, now: number): number {
    if (this.#perMinute === 0) return 0;
    const bucket = this.#buckets.get(caller) ?? { tokens: this.#perMinute, at: now };
    const filled = Math.min(this.#perMinute, bucket.tokens + ((now - bucket.at) * this.#perMinute) / 60_000);
    const isFree = filled >= 1;
    this.#buckets.keep(caller, { tokens: isFree ? filled - 1 : filled, at: now });
    return isFree ? 0 : Math.ceil(((1 - filled) * 60) / this.#perMinute);
  }
}
