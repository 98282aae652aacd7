import type { LateMount, Log } from '../http/index.ts';
import { type Delivery, startDelivery } from '../messaging/deliver.ts';
import type { Settings } from '../settings/index.ts';
import type { Storage } from '../storage/index.ts';
import type { OpenedSenders } from './open-senders.ts';

export interface Messaging extends Pick<Delivery, 'deliverSoon'> {
  mounts: LateMount[];
  /** Ends when no message is being sent any more. */
  stop(): Promise<void>;
}

/** Sends what waits to be sent, by the settings. What that takes is loaded with the first message. */
export function openMessaging(storage: Storage, settings: Settings, log: Log, now: () => Date): Messaging {
  let opening: Promise<OpenedSenders> | undefined;
  const open = () => {
    opening ??= import('./open-senders.ts').then(({ openSenders }) => openSenders(settings, log, now));
    return opening;
  };
  const delivery = startDelivery(
    storage,
    {
      mail: async (mail, texts) => (await open()).senders.mail(mail, texts),
      sms: async (message, texts) => (await open()).senders.sms(message, texts),
    },
    now,
    (error, message) => log.warn({ error, ...message }, 'a message was not delivered'),
    (error) => log.error({ error }, 'messages could not be delivered'),
  );
  return {
    deliverSoon: delivery.deliverSoon,
    mounts: settings.demo ? [{ serves: /^\/-\/mail/i, load: open }] : [],
    async stop() {
      await delivery.stop();
      (await opening)?.close();
    },
  };
}
