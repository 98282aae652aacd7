const minute = 60;
const day = 86_400;

/** In seconds: how soon metadata is fetched again that asks for it at every moment, and how late that asks for nothing. */
const [soonest, usual, latest] = [5 * minute, day, 7 * day];

const retrySeconds = 30 * minute;

/** When it is tried again after a failure: the last time when its validity ends. */
export function nextTryAt(now: Date, validUntil: Date | null): Date {
  const later = new Date(now.getTime() + retrySeconds * 1000);
  return validUntil && validUntil > now && validUntil < later ? validUntil : later;
}

/**
 * When metadata is fetched again: after the time for which a copy may be kept (SAML Metadata 2.3.2 `cacheDuration`), and so
 * that half of its validity is left for further tries.
 */
export function nextFetchAt(
  now: Date,
  { cacheSeconds, validUntil }: { cacheSeconds: number | null; validUntil: Date | null },
): Date {
  const kept = Math.min(cacheSeconds ?? usual, latest);
  const half = validUntil ? (validUntil.getTime() - now.getTime()) / 2000 : latest;
  return new Date(now.getTime() + Math.max(soonest, Math.min(kept, half)) * 1000);
}
