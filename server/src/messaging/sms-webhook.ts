import { createHmac } from 'node:crypto';
import { composeText } from './compose.ts';
import { type MessageSenders, UndeliverableError } from './senders.ts';

/** A provider that does not answer is given up after so long, in milliseconds. */
const patience = 15_000;

/**
 * Sends texts to phones by a provider, or by a small program that speaks to one: it is posted `{"to", "from", "text"}` as
 * JSON. `countersign-signature: t=<seconds>,v1=<hex>` proves that it comes from here: HMAC-SHA-256 of `<seconds>.<body>`.
 * The address is the operator's own; redirects are not followed, so that it stays there.
 *
 * @param url     `https:`
 * @param secret  of the signature
 */
export function smsWebhook(url: URL, secret: string, now: () => Date): MessageSenders['sms'] {
  return async (message, texts) => {
    const body = JSON.stringify({ to: message.to, from: message.sender, text: composeText(message, texts) });
    const seconds = Math.floor(now().getTime() / 1000);
    const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'countersign-signature': `t=${seconds},v1=${signature}` },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
    });
    // What it says is of no use, and would keep the connection.
    await response.body?.cancel();
    if (response.ok) return;
    const error = `The SMS provider answers ${response.status}.`;
    const isWorthATry = response.status >= 500 || response.status === 429 || response.status === 408;
    throw isWorthATry ? new Error(error) : new UndeliverableError(error);
  };
}
