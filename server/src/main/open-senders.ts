import type { Log, Mount } from '../http/index.ts';
import { type MessageSenders, mailCatcher, smsWebhook, smtpSender } from '../messaging/index.ts';
import type { Settings } from '../settings/index.ts';

export interface OpenedSenders {
  senders: MessageSenders;
  /** In demo mode the page of the messages that were caught. */
  routes: Mount['routes'];
  close(): void;
}

/** How messages are sent, by the settings. */
export function openSenders(
  { smtpUrl, mailFrom, smsWebhookUrl, smsWebhookSecret, demo }: Settings,
  log: Log,
  now: () => Date,
): OpenedSenders {
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
