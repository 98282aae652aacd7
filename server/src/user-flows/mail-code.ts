import { createHash } from 'node:crypto';
import { fold } from '../directory/index.ts';
import { type Counted, claimAttempt } from './attempts.ts';
import type { Text } from './form.ts';
import { type CodePurpose, keepCode } from './one-time-codes.ts';
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
  const { tenant, signInId, now, tools, address } = context;
  const code = tools.newCode();
  return {
    write: async (stores) => {
      const until = await claimAttempt(stores, tenant.id, now, sendingLimits(wanted.asked, address));
      if (until) return { problems: [tooMany(until, now)] };
      const place = { tenantId: tenant.id, signInId, purpose: wanted.purpose };
      await keepCode(stores, place, wanted.to === null ? null : code, now);
      return {};
    },
    afterwards: () => {
      if (wanted.to === null) return;
      const subject: Text = { key: 'mail.code.subject', values: { code, tenant: tenant.displayName } };
      const reason: Text = { key: `mail.code.${wanted.purpose}`, values: { tenant: tenant.displayName } };
      tools.mail.send({
        to: wanted.to,
        sender: tenant.displayName,
        languages: context.languages,
        subject,
        paragraphs: [reason, { key: 'mail.code.notYou' }],
        code,
      });
    },
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
