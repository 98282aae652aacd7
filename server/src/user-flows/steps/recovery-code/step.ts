import { codeField, codeForm } from '../../code-form.ts';
import { notify } from '../../notify.ts';
import { proveFactor } from '../../prove-factor.ts';
import { takeRecoveryCode } from '../../recovery-codes.ts';
import type { Step } from '../../step.ts';

/** Asks for one of the codes that were noted for the day on which no other second factor is at hand. */
export const recoveryCodeStep: Step = {
  show: (context) =>
    codeForm(context, 'recoveryCode.title', { key: 'recoveryCode.lead' }, [], {
      ...codeField,
      label: { key: 'recoveryCode.code' },
      type: 'text',
      autocomplete: 'off',
    }),

  async submit(context, input) {
    if (input['action'] === 'choose') return { outcome: 'moved', progress: { choosesFactor: true } };
    const { tenant, user, tools } = context;
    if (!user) throw new Error('A recovery code is asked of nobody.');
    const proof = proveFactor(context, 'recoveryCode', 'code', async (stores, act) => {
      const isTaken = await takeRecoveryCode(stores, tenant.id, user.id, input['code'] ?? '');
      if (isTaken) await notify(stores, act, context, user, 'recoveryCodeUsed');
      return isTaken;
    });
    return { ...proof, afterwards: tools.deliverSoon };
  },
};
