import { randomBytes, randomInt } from 'node:crypto';
import type { PasswordHasher } from '../directory/index.ts';
import { accountRoutes, assetRoutes, brandRoutes, signInRoutes } from '../endpoints/index.ts';
import type { Log, Mount } from '../http/index.ts';
import { type MessageSenders, mailCatcher, smsWebhook, smtpSender, startDelivery } from '../messaging/index.ts';
import { newId } from '../new-id.ts';
import type { Settings } from '../settings/index.ts';
import type { Storage } from '../storage/index.ts';
import { openUpstream, type UpstreamParts } from '../upstream/index.ts';

interface Parts {
  storage: Storage;
  passwords: PasswordHasher;
  /** Asks identity providers. */
  fetch: UpstreamParts['fetch'];
  now: () => Date;
}

/** The pages of sign-ins with what they load, and in demo mode the page of the messages that were caught. */
export function openSignIn({ storage, passwords, fetch, now }: Parts, settings: Settings, log: Log): OpenedSignIn {
  const { senders, routes, close } = openMessaging(settings, log, now);
  const delivery = startDelivery(
    storage,
    senders,
    now,
    (error, message) => log.warn({ error, ...message }, 'a message was not delivered'),
    (error) => log.error({ error }, 'messages could not be delivered'),
  );
  const tools = {
    hasher: passwords,
    deliverSoon: delivery.deliverSoon,
    newCode: () => String(randomInt(1_000_000)).padStart(6, '0'),
    randomBytes: (count: number) => new Uint8Array(randomBytes(count)),
    newId,
  };
  const newSecret = () => randomBytes(32).toString('base64url');
  return {
    routes: [
      ...signInRoutes({ storage, tools, upstream: openUpstream({ fetch }), now, newId, newSecret }),
      ...accountRoutes({ storage, now, newId, newSecret }),
      ...brandRoutes(storage.read),
      ...assetRoutes(),
      ...routes,
    ],
    async stop() {
      await delivery.stop();
      close();
    },
  };
}

interface OpenedSignIn extends Mount {
  /** Ends when no message is being sent any more. */
  stop(): Promise<void>;
}

/** How messages are sent, by the settings. */
function openMessaging(
  { smtpUrl, mailFrom, smsWebhookUrl, smsWebhookSecret, demo }: Settings,
  log: Log,
  now: () => Date,
): { senders: MessageSenders; routes: Mount['routes']; close: () => void } {
  const catcher = demo ? mailCatcher() : undefined;
  const dropped = (setting: string) => async () => log.warn({}, `a message was not sent: ${setting} is not set`);
  const smtp = smtpUrl === undefined ? undefined : smtpSender(smtpUrl, mailFrom);
  return {
    senders: {
      mail: smtp?.send ?? catcher?.senders.mail ?? dropped('COUNTERSIGN_SMTP_URL'),
      sms:
        smsWebhookUrl !== undefined && smsWebhookSecret !== undefined
          ? smsWebhook(smsWebhookUrl, smsWebhookSecret, now)
          : (catcher?.senders.sms ?? dropped('COUNTERSIGN_SMS_WEBHOOK_URL')),
    },
    routes: catcher?.routes ?? [],
    close: () => smtp?.close(),
  };
}
