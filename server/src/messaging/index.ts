/**
 * How messages leave the hub: mails by a mail server, texts to phones by a webhook, and both into a catcher with a page for
 * development. Relies on user-flows for what is said and on pages for the words of each language; decides nothing.
 */
export { type Delivery, deliverDue, startDelivery } from './deliver.ts';
export { type MailCatcher, mailCatcher } from './mail-catcher.ts';
export type { MessageSenders } from './senders.ts';
export { smsWebhook } from './sms-webhook.ts';
export { smtpSender } from './smtp-sender.ts';
