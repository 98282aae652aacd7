/** How long after the first signal another one counts as the same, in milliseconds. */
const sameSignal = 1_000;

/**
 * What a signal asks for. A Ctrl-C reaches the server several times, from the terminal and from each program that started
 * it, so only one that comes later means that somebody is out of patience.
 *
 * @param firstAt  when the first signal came, undefined when this is the first; milliseconds as `now`
 */
export function decideOnSignal(firstAt: number | undefined, now: number): 'stop' | 'ignore' | 'exit' {
  if (firstAt === undefined) return 'stop';
  return now - firstAt < sameSignal ? 'ignore' : 'exit';
}

/**
 * Resolves at the first signal to stop.
 *
 * @param exitAtOnce  called when somebody is out of patience
 */
export function stopSignal(clock: () => number, exitAtOnce: (signal: NodeJS.Signals) => void): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let firstAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const now = clock();
      const decision = decideOnSignal(firstAt, now);
      firstAt ??= now;
      if (decision === 'exit') exitAtOnce(signal);
      resolve(signal);
    });
  }
  return promise;
}
