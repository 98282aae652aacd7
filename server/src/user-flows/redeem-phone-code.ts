import { forgiveAttempt } from './attempts.ts';
import { type CodePurpose, redeemCode } from './one-time-codes.ts';
import { unusedPhoneCodes } from './send-code.ts';
import type { StepContext, StepStores } from './step.ts';

/** Takes a code that was sent to a phone. A code that is used does not count against the tenant's limit. */
export async function redeemPhoneCode(
  stores: StepStores,
  { tenant, signInId, now }: StepContext,
  purpose: CodePurpose,
  code: string,
): Promise<boolean> {
  const isRight = await redeemCode(stores, { tenantId: tenant.id, signInId, purpose }, code, now);
  if (isRight) await forgiveAttempt(stores, tenant.id, now, [unusedPhoneCodes], []);
  return isRight;
}
