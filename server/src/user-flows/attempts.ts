import type { AttemptStore, Attempts } from './store.ts';

/** How often something may be tried in vain, and what follows. */
export interface AttemptLimit {
  /** So many failures have no consequence. */
  free: number;
  /** How long the next try must wait after that; each further failure doubles it. */
  firstPauseSeconds: number;
  longestPauseSeconds: number;
}

/** One thing that is counted: a name of the feature, such as `password user <id>`, and its limit. */
export interface Counted {
  key: string;
  limit: AttemptLimit;
}

/** Failures are forgotten so long after the last one. */
const memorySeconds = 86_400;

/**
 * Until when the next try must wait; undefined when it need not. Tries during the pause are not counted, so that whoever
 * keeps knocking cannot make it longer.
 */
export function pausedUntil({ count, lastAt }: Attempts, limit: AttemptLimit): Date | undefined {
  const beyond = count - limit.free;
  if (beyond < 0) return undefined;
  // 2^31 seconds are longer than any pause, and larger powers would leave the range of dates.
  const seconds = Math.min(limit.longestPauseSeconds, limit.firstPauseSeconds * 2 ** Math.min(beyond, 31));
  return new Date(lastAt.getTime() + seconds * 1000);
}

/**
 * Counts a try as failed before it is made, so that parallel tries cannot get past the limit; `forgiveAttempt` takes it
 * back. Nothing is counted when one of the limits says to wait.
 *
 * @returns until when to wait; undefined when the try may be made
 */
export async function claimAttempt(
  stores: { attempts: AttemptStore },
  tenantId: string,
  now: Date,
  counted: readonly Counted[],
): Promise<Date | undefined> {
  // Always in the same order, so that two claims never wait for each other.
  const sorted = counted.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const kept = await stores.attempts.claim(
    tenantId,
    sorted.map(({ key }) => key),
  );
  const states = sorted.map(({ key, limit }) => ({ key, limit, attempts: remembered(kept.get(key), now) }));
  const pauses = states
    .map(({ attempts, limit }) => pausedUntil(attempts, limit))
    .filter((until) => until !== undefined && until > now);
  const [longest] = pauses.toSorted((a, b) => Number(b) - Number(a));
  if (longest) return longest;
  const failed = states.map(({ key, attempts }) => [key, { count: attempts.count + 1, lastAt: now }] as const);
  await stores.attempts.save(tenantId, new Map(failed), forgottenAfter(now));
  return undefined;
}

/**
 * Takes back what was counted for a try that succeeded.
 *
 * @param cleared  what starts afresh; of the rest only this one try is taken back
 */
export async function forgiveAttempt(
  stores: { attempts: AttemptStore },
  tenantId: string,
  now: Date,
  counted: readonly Counted[],
  cleared: readonly Counted[],
): Promise<void> {
  const keys = counted.map(({ key }) => key).toSorted();
  const kept = await stores.attempts.claim(tenantId, keys);
  const clearedKeys = new Set(cleared.map(({ key }) => key));
  const left = [...kept].flatMap(([key, { count, lastAt }]) =>
    count > 1 && !clearedKeys.has(key) ? [[key, { count: count - 1, lastAt }] as const] : [],
  );
  const saved = new Map(left);
  await stores.attempts.save(tenantId, saved, forgottenAfter(now));
  const removed = [...kept.keys()].filter((key) => !saved.has(key));
  await stores.attempts.remove(tenantId, removed);
}

function forgottenAfter(last: Date): Date {
  return new Date(last.getTime() + memorySeconds * 1000);
}

function remembered(attempts: Attempts | undefined, now: Date): Attempts {
  const isForgotten = !attempts || now.getTime() - attempts.lastAt.getTime() > memorySeconds * 1000;
  return isForgotten ? { count: 0, lastAt: now } : attempts;
}
