/**
 * How many requests a target gets at once: additive increase, multiplicative decrease, as TCP does (RFC 5681). It rises
 * while the target answers as quickly as it ever did, and falls by half when the target says that it is too much.
 */
export interface Rate {
  /** Requests at once; the whole part counts. */
  readonly limit: number;
  /** No request before this time, in milliseconds since the epoch. */
  readonly pausedUntil: number;
  /** The quickest answer of late, in milliseconds; it grows slowly, so that a target may change. */
  readonly quickest: number;
}

export const firstRate: Rate = { limit: 4, pausedUntil: 0, quickest: Number.POSITIVE_INFINITY };

/** Answers that take this much longer than the quickest stand in a queue. */
const slowFactor = 5;
/** Answers quicker than this are never slow. */
const neverSlow = 100;
/** Without Retry-After, a busy target is left alone for so long. */
const defaultPause = 1_000;
const longestPause = 15 * 60_000;

/** After an answer that did not complain. */
export function afterAnswer(rate: Rate, milliseconds: number, most: number): Rate {
  const quickest = Math.min(rate.quickest * 1.001, milliseconds);
  const isSlow = milliseconds > Math.max(quickest * slowFactor, neverSlow);
  const limit = isSlow ? Math.max(1, rate.limit - 1 / rate.limit) : Math.min(most, rate.limit + 1 / rate.limit);
  return { ...rate, quickest, limit };
}

/** After "too many requests", an error of the target or no answer. Complaints during a pause are one complaint. */
export function afterComplaint(rate: Rate, now: number, retryAfterSeconds: number | undefined): Rate {
  const pause = Math.min(retryAfterSeconds === undefined ? defaultPause : retryAfterSeconds * 1000, longestPause);
  const pausedUntil = Math.max(rate.pausedUntil, now + pause);
  return now < rate.pausedUntil
    ? { ...rate, pausedUntil }
    : { ...rate, pausedUntil, limit: Math.max(1, rate.limit / 2) };
}
