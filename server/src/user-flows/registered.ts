import type { AuthenticationMethod } from './authentication-method.ts';
import { keepAuthenticationMethod } from './authentication-methods.ts';
import { notify } from './notify.ts';
import type { FactorMethod } from './proven-factor.ts';
import { keepRecoveryCodes, newRecoveryCodes } from './recovery-codes.ts';
import type { Moved, StepContext, StepWrite } from './step.ts';

/**
 * The outcome of a step that registers a second factor: it is kept, told to the owner, and proven thereby. The first one
 * comes with recovery codes, which are shown next.
 *
 * @param check   runs first, in the same transaction
 * @param secret  what must be read back to check codes
 */
export function registered(
  context: StepContext,
  proven: FactorMethod,
  method: AuthenticationMethod,
  { check, secret }: { check?: StepWrite; secret?: string } = {},
): Moved {
  const { tenant, user, factors, now, tools } = context;
  if (!user) throw new Error('A second factor is registered for nobody.');
  return {
    outcome: 'moved',
    progress: {
      userId: user.id,
      factors: [...factors, { method: proven, at: now }],
      secondFactor: null,
      isTaskDone: true,
    },
    write: async (stores, act) => {
      const checked = await check?.(stores, act);
      if (checked?.problems?.length) return checked;
      await keepAuthenticationMethod(stores, act, user, method, secret);
      await notify(stores, act, context, user, 'factorAdded');
      if ((await stores.recoveryCodes.count(tenant.id, user.id)) > 0) return {};
      const codes = newRecoveryCodes(tools.randomBytes);
      await keepRecoveryCodes(stores, tenant.id, user.id, codes);
      return { progress: { secret: codes.join(' '), hasNewRecoveryCodes: true } };
    },
    afterwards: tools.deliverSoon,
  };
}
