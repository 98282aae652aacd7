import type { Text } from './form.ts';

/** A mail to one person, in words that every language has. */
export interface Mail {
  to: string;
  /** In whose name it is sent: the tenant's. */
  sender: string;
  /** Languages of the person, most wanted first. */
  languages: readonly string[];
  subject: Text;
  paragraphs: readonly Text[];
  /** To be typed into a page. */
  code?: string;
}

/** Sends mails. Nobody waits for it, so that the time tells nothing about who has an account. */
export interface MailSender {
  send(mail: Mail): void;
}
