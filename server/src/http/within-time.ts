import { TemporaryFailure } from '../refusal.ts';

/**
 * Waits for the work for a bounded time. What is late is told by the signal, and nobody waits for it any longer.
 *
 * @param milliseconds  longest time
 * @throws TemporaryFailure when the time is up; whatever the work throws
 */
export async function withinTime<Result>(
  milliseconds: number,
  late: AbortController,
  work: () => Promise<Result>,
): Promise<Result> {
  const { promise: timeUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const failure = new TemporaryFailure(`Nothing was answered in ${milliseconds / 1000} seconds.`, 5);
    late.abort(failure);
    reject(failure);
  }, milliseconds).unref();
  return Promise.race([work(), timeUp]).finally(() => clearTimeout(timer));
}
