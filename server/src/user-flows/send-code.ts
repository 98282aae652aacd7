import { createHash } from 'node:crypto';
import { fold } from '../directory/index.ts';
import { type AttemptLimit, type Counted, claimAttempt } from './attempts.ts';
import { limitedAddress } from './limited-address.ts';
import { type CodePurpose, codeSeconds, keepCode } from './one-time-codes.ts';
import { type OutgoingMessage, queueMessage } from './outgoing-message.ts';
import type { Problem, StepContext, StepWrite } from './step.ts';

const minute = 60;
const day = 86_400;

/** Who wants the code, and for what. */
export interface WantedCode {
  channel: OutgoingMessage['channel'];
  purpose: CodePurpose;
  /** What was asked for: an address, or a name whose owner gets the code. Counted, whether it exists or not. */
  asked: string;
  /** Where the code goes; null when there is nobody to send it to, which nobody is told. */
  to: string | null;
}

/** Keeps a new code, and sends it when that is done. */
export function sendCode(context: StepContext, wanted: WantedCode): { write: StepWrite; afterwards: () => void } {
  const { tenant, signInId, now, tools, address } = context;
  const { to, purpose, asked, channel } = wanted;
  const code = tools.newCode();
  return {
    write: async (stores, act) => {
      const until = await claimAttempt(stores, tenant.id, now, sendingLimits[channel](asked, limitedAddress(address)));
      if (until) return { problems: [tooMany(until, now)] };
      await keepCode(stores, { tenantId: tenant.id, signInId, purpose }, to === null ? null : code, now);
      // A message to nobody, which is thrown away, takes the time that others take.
      await queueMessage(stores, act, message(context, wanted, code), to === null ? 0 : codeSeconds);
      return {};
    },
    afterwards: tools.deliverSoon,
  };
}

function message(
  { tenant, languages }: StepContext,
  { channel, purpose, to }: WantedCode,
  code: string,
): OutgoingMessage {
  const values = { code, tenant: tenant.displayName };
  const shared = { to: to ?? '', sender: tenant.displayName, languages, code };
  if (channel === 'sms') return { ...shared, channel, paragraphs: [{ key: 'sms.code', values }] };
  return {
    ...shared,
    channel,
    subject: { key: 'mail.code.subject', values },
    paragraphs: [{ key: `mail.code.${purpose}`, values }, { key: 'mail.code.notYou' }],
  };
}

const limit = (free: number, firstPauseSeconds: number): AttemptLimit => {
  return { free, firstPauseSeconds, longestPauseSeconds: day };
};

/**
 * Keeps anybody from flooding a mailbox or a phone, or many of them from one address. Messages to phones cost money, which
 * some take a share of: of those that nobody uses a tenant sends a limited number (see `usedPhoneCode`).
 */
const sendingLimits: Readonly<Record<OutgoingMessage['channel'], (asked: string, address: string) => Counted[]>> = {
  mail: (asked, address) => [
    { key: `code to ${digestOf(asked)}`, limit: limit(5, 10 * minute) },
    { key: `code from ${address}`, limit: limit(50, 10 * minute) },
  ],
  sms: (asked, address) => [
    { key: `sms to ${digestOf(asked)}`, limit: limit(3, 10 * minute) },
    { key: `sms from ${address}`, limit: limit(10, 10 * minute) },
    unusedPhoneCodes,
  ],
};

/** Codes to phones that were sent and not typed in, of a whole tenant. */
export const unusedPhoneCodes: Counted = {
  key: 'sms unused',
  limit: { ...limit(200, minute), longestPauseSeconds: 60 * minute },
};

function digestOf(asked: string): string {
  return createHash('sha256').update(fold(asked)).digest('base64url');
}

function tooMany(until: Date, now: Date): Problem {
  const minutes = Math.ceil((until.getTime() - now.getTime()) / 60_000);
  return { field: null, text: { key: 'code.tooMany', values: { minutes } } };
}
