import { createTransport } from 'nodemailer';
import { composeMail } from './compose.ts';
import type { MessageSenders } from './senders.ts';
import { UndeliverableError } from './senders.ts';

export interface SmtpSender {
  send: MessageSenders['mail'];
  /** Closes the connections. */
  close(): void;
}

/** A mail server that does not answer is given up after so long, in milliseconds. */
const patience = 20_000;

/**
 * Sends by a mail server, over a few connections that stay open.
 *
 * @param url   `smtp://` or `smtps://user:password@host:port`
 * @param from  address of the sender
 */
export function smtpSender(url: string, from: string): SmtpSender {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 3,
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
  });
  return {
    close: () => transport.close(),
    async send(mail, texts) {
      const { to, sender, subject, text } = composeMail(mail, texts);
      try {
        // As objects, so that no name or address is read as a list of several.
        await transport.sendMail({
          from: { name: sender, address: from },
          to: { name: '', address: to },
          subject,
          text,
        });
      } catch (cause) {
        if (isPermanent(cause)) throw new UndeliverableError('The mail server refuses the mail.', { cause });
        throw cause;
      }
    },
  };
}

/** RFC 5321 4.2.1: after a reply 5yz the same command should not be tried again. */
function isPermanent(error: unknown): boolean {
  const code = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0;
  const isOfReceiver = error instanceof Error && 'command' in error && error.command === 'RCPT TO';
  return code >= 500 && isOfReceiver;
}
