import type { Act } from '../audit/index.ts';
import type { Text } from './form.ts';
import type { OutgoingMessageStore } from './store.ts';

/** What is sent to one person, in words that every language has. */
export type OutgoingMessage = Mail | TextMessage;

interface Message {
  /** An address, or a phone number in E.164. */
  to: string;
  /** In whose name it is sent: the tenant's. */
  sender: string;
  /** Languages of the person, most wanted first. */
  languages: readonly string[];
  paragraphs: readonly Text[];
  /** To be typed into a page. */
  code?: string;
}

export interface Mail extends Message {
  channel: 'mail';
  subject: Text;
}

/** A message to a phone. */
export interface TextMessage extends Message {
  channel: 'sms';
}

/**
 * Puts a message on its way, in the transaction of what it tells: it is sent when that is kept, by whichever process comes
 * first, and again when that fails.
 *
 * @param lifetimeSeconds  after this it is not worth sending any more
 */
export async function queueMessage(
  { outgoing }: { outgoing: OutgoingMessageStore },
  { tenantId, newId, now }: Act,
  message: OutgoingMessage,
  lifetimeSeconds: number,
): Promise<void> {
  await outgoing.add(tenantId, newId(), message, now, new Date(now.getTime() + lifetimeSeconds * 1000));
}
