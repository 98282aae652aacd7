import type { Act } from '../audit/index.ts';
import { type Counted, claimAttempt, forgiveAttempt } from './attempts.ts';
import type { FactorMethod } from './proven-factor.ts';
import type { Moved, StepContext, StepStores } from './step.ts';

/**
 * The outcome of a step that asks a second factor: counted per user over all sign-ins, browsers and addresses, so that six
 * digits cannot be guessed by trying often (NIST SP 800-63B-4 3.2.2).
 *
 * @param field  where a wrong proof is told
 * @param check  whether the proof is right; may keep what makes it good once only
 */
export function proveFactor(
  { tenant, user, factors, now }: StepContext,
  method: FactorMethod,
  field: string | null,
  check: (stores: StepStores, act: Act) => Promise<boolean>,
): Moved {
  if (!user) throw new Error('A second factor is asked of nobody.');
  const userId = user.id;
  const counted = [secondFactorLimit(userId)];
  return {
    outcome: 'moved',
    // From here on the sign-in stands on its own feet, whatever becomes of the session that it went on from.
    progress: { userId, factors: [...factors, { method, at: now }], secondFactor: null },
    write: async (stores, act) => {
      const until = await claimAttempt(stores, tenant.id, now, counted);
      if (until) {
        const minutes = Math.ceil((until.getTime() - now.getTime()) / 60_000);
        const text = { key: 'factor.paused', values: { minutes } };
        return { problems: [{ field: null, text }], failure: { code: 'second_factor_paused', userId } };
      }
      if (!(await check(stores, act))) {
        return {
          problems: [{ field, text: { key: 'code.wrong' } }],
          failure: { code: 'second_factor_wrong', userId },
        };
      }
      await forgiveAttempt(stores, tenant.id, now, counted, counted);
      return {};
    },
  };
}

function secondFactorLimit(userId: string): Counted {
  return { key: `second factor ${userId}`, limit: { free: 10, firstPauseSeconds: 60, longestPauseSeconds: 3600 } };
}
