import { createHash } from 'node:crypto';
import { fold } from '../directory/index.ts';
import { type Counted, claimAttempt } from './attempts.ts';
import { type CodePurpose, codeSeconds, keepCode } from './one-time-codes.ts';
import { queueMessage } from './outgoing-message.ts';
import type { Problem, StepContext, StepWrite } from './step.ts';

const minute = 60;
const day = 86_400;

/** Who wants the code, and for what. */
export interface WantedCode {
  purpose: CodePurpose;
  /** What was asked for: an address, or a name whose owner gets the code. Counted, whether it exists or not. */
  asked: string;
  /** Where the code goes; null when there is nobody to send it to, which nobody is told. */
  to: string | null;
}

/** Keeps a new code, and sends it when that is done. */
export function mailCode(context: StepContext, wanted: WantedCode): { write: StepWrite; afterwards: () => void } {
  const { tenant, signInId, now, tools, address, languages } = context;
  const { to, purpose } = wanted;
  const code = tools.newCode();
  return {
    write: async (stores, act) => {
      const until = await claimAttempt(stores, tenant.id, now, sendingLimits(wanted.asked, address));
      if (until) return { problems: [tooMany(until, now)] };
      await keepCode(stores, { tenantId: tenant.id, signInId, purpose }, to === null ? null : code, now);
      if (to === null) return {};
      const values = { code, tenant: tenant.displayName };
      const mail = {
        channel: 'mail',
        to,
        sender: tenant.displayName,
        languages,
        subject: { key: 'mail.code.subject', values },
        paragraphs: [{ key: `mail.code.${purpose}`, values }, { key: 'mail.code.notYou' }],
        code,
      } as const;
      await queueMessage(stores, act, mail, codeSeconds);
      return {};
    },
    afterwards: tools.deliverSoon,
  };
}

/** Keeps anybody from flooding a mailbox, or many of them from one address. */
function sendingLimits(asked: string, address: string): Counted[] {
  const digest = createHash('sha256').update(fold(asked)).digest('base64url');
  const limit = { firstPauseSeconds: 10 * minute, longestPauseSeconds: day };
  return [
    { key: `code to ${digest}`, limit: { ...limit, free: 5 } },
    { key: `code from ${address}`, limit: { ...limit, free: 50 } },
  ];
}

function tooMany(until: Date, now: Date): Problem {
  const minutes = Math.ceil((until.getTime() - now.getTime()) / 60_000);
  return { field: null, text: { key: 'code.tooMany', values: { minutes } } };
}
