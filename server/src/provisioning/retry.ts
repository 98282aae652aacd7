/** When something that failed is tried again: later and later, and never all at the same moment. */

const firstWait = 10_000;
const longestWait = 24 * 3_600_000;

/**
 * Milliseconds until the next try of an object that failed so often in a row.
 *
 * @param spread  between 0 and 1, other for each object
 */
export function retryWait(attempts: number, spread: number): number {
  return Math.min(firstWait * 3 ** Math.min(attempts - 1, 20), longestWait) * (0.9 + 0.2 * spread);
}

/** A number between 0 and 1 that follows from the id, so that retries spread without chance. */
export function spreadOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 997;
  return sum / 997;
}
