import type { Mail, TextMessage } from '../user-flows/index.ts';
import type { OwnTexts } from './compose.ts';

/** How each channel is sent. A promise that is rejected means that the message did not arrive and is worth another try. */
export interface MessageSenders {
  mail(mail: Mail, texts: OwnTexts): Promise<void>;
  sms(message: TextMessage, texts: OwnTexts): Promise<void>;
}

/** The receiver will never take the message; trying again would not help. */
export class UndeliverableError extends Error {
  override readonly name = 'UndeliverableError';
}
