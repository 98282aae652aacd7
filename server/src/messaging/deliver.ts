import type { BrandingStore } from '../branding/index.ts';
import type { OutgoingMessage, OutgoingMessageStore, WaitingMessage } from '../user-flows/index.ts';
import type { OwnTexts } from './compose.ts';
import { type MessageSenders, UndeliverableError } from './senders.ts';

interface MessageStores {
  outgoing: OutgoingMessageStore;
  branding: BrandingStore;
}

/** The database, as much of it as delivery needs. */
interface MessageStorage {
  readonly read: MessageStores;
  write<Result>(work: (stores: MessageStores) => Promise<Result>): Promise<Result>;
}

/** Told of a message that did not arrive; never its text, which may be a code. */
type DeliveryFailed = (error: unknown, message: { tenantId: string; id: string; willRetry: boolean }) => void;

/** Messages that are sent at the same time. */
const atOnce = 3;

/** So long nobody else tries a message that somebody sends. A sender gives up before that. In milliseconds. */
const claimed = 120_000;

const firstPause = 10_000;
const longestPause = 3_600_000;

/** How long after so many vain tries the next comes, in milliseconds. */
function pauseAfter(tries: number): number {
  return Math.min(longestPause, firstPause * 2 ** Math.min(tries, 20));
}

/**
 * Sends what is due. Every process may call it: a message is claimed before it is sent, and comes again when the process
 * dies meanwhile. So it arrives at least once, as long as it is worth anything; a code that has expired is not sent.
 *
 * @returns how many messages were looked at
 */
export async function deliverDue(
  storage: MessageStorage,
  senders: MessageSenders,
  now: () => Date,
  onFailure: DeliveryFailed,
): Promise<number> {
  const due = await storage.read.outgoing.listDue(now(), atOnce);
  await Promise.all(due.map((waiting) => deliver(storage, senders, now, onFailure, waiting)));
  return due.length;
}

async function deliver(
  storage: MessageStorage,
  senders: MessageSenders,
  now: () => Date,
  onFailure: DeliveryFailed,
  waiting: WaitingMessage,
): Promise<void> {
  const { tenantId, id, message, tries, expiresAt } = waiting;
  const remove = () => storage.write(({ outgoing }) => outgoing.remove(tenantId, id));
  if (expiresAt <= now()) {
    const isToSomebody = message.to !== '';
    if ((await remove()) && isToSomebody)
      onFailure(new Error('The message has expired.'), { tenantId, id, willRetry: false });
    return;
  }
  const mine = { ...waiting, dueAt: new Date(now().getTime() + claimed) };
  if (!(await storage.write(({ outgoing }) => outgoing.postpone(waiting, mine)))) return;
  try {
    const look = await storage.read.branding.findLook(tenantId);
    await send(senders, message, look?.texts ?? {});
    await remove();
  } catch (error) {
    const willRetry = !(error instanceof UndeliverableError);
    onFailure(error, { tenantId, id, willRetry });
    if (!willRetry) return void (await remove());
    const next = { tries: tries + 1, dueAt: new Date(now().getTime() + pauseAfter(tries)) };
    await storage.write(({ outgoing }) => outgoing.postpone(mine, next));
  }
}

function send(senders: MessageSenders, message: OutgoingMessage, texts: OwnTexts): Promise<void> {
  return message.channel === 'mail' ? senders.mail(message, texts) : senders.sms(message, texts);
}

export interface Delivery {
  /** Looks at once for messages, instead of in the next round. */
  deliverSoon(): void;
  /** Resolves when nothing is being sent any more. */
  stop(): Promise<void>;
}

/** How often a process looks for messages that others left, in milliseconds. */
const round = 5_000;

/** Sends messages until it is stopped. */
export function startDelivery(
  storage: MessageStorage,
  senders: MessageSenders,
  now: () => Date,
  onFailure: DeliveryFailed,
  onBug: (error: unknown) => void,
): Delivery {
  let isStopped = false;
  let isWanted = false;
  let running: Promise<void> | undefined;

  const work = async () => {
    do {
      isWanted = false;
      try {
        while (!isStopped && (await deliverDue(storage, senders, now, onFailure)) > 0);
      } catch (error) {
        onBug(error);
      }
    } while (isWanted && !isStopped);
    running = undefined;
  };
  const deliverSoon = () => {
    isWanted = true;
    if (!isStopped) running ??= work();
  };
  const timer = setInterval(deliverSoon, round);
  timer.unref();
  return {
    deliverSoon,
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
