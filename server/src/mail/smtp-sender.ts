import { createTransport } from 'nodemailer';
import type { MailSender } from '../user-flows/index.ts';
import { compose } from './compose.ts';

/** Told of a mail that could not be delivered; never its text, which may be a code. */
export type DeliveryFailed = (error: unknown) => void;

export interface SmtpSender extends MailSender {
  /** Closes the connections. */
  close(): void;
}

/** Mails that may wait; more are given up, so that a dead mail server does not fill the memory. */
const mostWaiting = 1000;

/**
 * Sends by a mail server, over a few connections that stay open.
 *
 * @param url   `smtp://` or `smtps://user:password@host:port`
 * @param from  address of the sender
 */
export function smtpSender(url: string, from: string, onFailure: DeliveryFailed): SmtpSender {
  const transport = createTransport({ url, pool: true, maxConnections: 3 });
  let waiting = 0;

  async function deliver(mail: Parameters<MailSender['send']>[0]): Promise<void> {
    const { to, sender, subject, text } = compose(mail);
    // As objects, so that no name or address is read as a list of several.
    await transport.sendMail({
      from: { name: sender, address: from },
      to: { name: '', address: to },
      subject,
      text,
    });
  }

  return {
    close: () => transport.close(),
    send(mail) {
      if (waiting >= mostWaiting) return onFailure(new Error('Too many mails wait for the mail server.'));
      waiting++;
      deliver(mail)
        .catch(onFailure)
        .finally(() => waiting--);
    },
  };
}
