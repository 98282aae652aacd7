import { afterAnswer, afterComplaint, firstRate, type Rate } from './rate.ts';
import type { Answer, Target } from './target.ts';

/** How often a request is sent again after "too many requests", each time after the pause that the target asks for. */
const mostRepeats = 4;

export interface Pace {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Resolves after so many milliseconds, or at once when the signal is given. */
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  mostAtOnce: number;
}

/** The target with as many requests at once as it can take. */
export function pacedTarget(target: Target, { now, wait, mostAtOnce }: Pace): Target {
  let rate: Rate = firstRate;
  let running = 0;
  const queue: (() => void)[] = [];

  const admit = () => {
    while (running < Math.floor(rate.limit) && queue.length > 0) {
      running++;
      queue.shift()?.();
    }
  };

  async function paced<Value>(signal: AbortSignal, call: () => Promise<Answer<Value>>): Promise<Answer<Value>> {
    await new Promise<void>((resolve) => {
      queue.push(resolve);
      admit();
    });
    try {
      for (let repeats = 0; ; repeats++) {
        const pause = rate.pausedUntil - now();
        if (pause > 0) await wait(pause, signal);
        const startedAt = now();
        const answer: Answer<Value> = await call();
        if (answer.kind !== 'busy' && answer.kind !== 'failed') {
          rate = afterAnswer(rate, now() - startedAt, mostAtOnce);
          return answer;
        }
        rate = afterComplaint(rate, now(), answer.retryAfterSeconds);
        if (answer.kind === 'failed' || repeats === mostRepeats || signal.aborted) return answer;
      }
    } finally {
      running--;
      admit();
    }
  }

  return {
    abilities: target.abilities,
    has: (type, attribute) => target.has(type, attribute),
    compare: (type, current, values) => target.compare(type, current, values),
    lossOf: (type, current) => target.lossOf(type, current),
    changedSince: (type, current, changes) => target.changedSince(type, current, changes),
    reverse: (type, current, changes) => target.reverse(type, current, changes),
    setBack: (type, current, reversal, signal) => paced(signal, () => target.setBack(type, current, reversal, signal)),
    test: (signal) => paced(signal, () => target.test(signal)),
    find: (type, attribute, value, signal) => paced(signal, () => target.find(type, attribute, value, signal)),
    isEmpty: (type, signal) => paced(signal, () => target.isEmpty(type, signal)),
    read: (type, id, signal) => paced(signal, () => target.read(type, id, signal)),
    create: (type, values, signal) => paced(signal, () => target.create(type, values, signal)),
    update: (type, current, values, signal) => paced(signal, () => target.update(type, current, values, signal)),
    remove: (type, id, signal) => paced(signal, () => target.remove(type, id, signal)),
    listMembers: (groupId, signal) => paced(signal, () => target.listMembers(groupId, signal)),
    changeMembers: (groupId, change, signal) => paced(signal, () => target.changeMembers(groupId, change, signal)),
  };
}
