/**
 * How mails leave the hub: by a mail server, or into a catcher with a page for development. Relies on user-flows for what
 * is said and on pages for the words of each language; decides nothing.
 */
export { type MailCatcher, mailCatcher } from './mail-catcher.ts';
export { type DeliveryFailed, smtpSender } from './smtp-sender.ts';
