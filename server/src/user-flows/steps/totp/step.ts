import { codeForm } from '../../code-form.ts';
import { proveFactor } from '../../prove-factor.ts';
import type { Step } from '../../step.ts';
import { totpStep as stepOfCode } from '../../totp.ts';

/** Asks for the code that an authenticator app shows. */
export const totpStep: Step = {
  show: (context) => codeForm(context, 'totp.title', { key: 'totp.lead' }),

  async submit(context, input) {
    if (input['action'] === 'choose') return { outcome: 'moved', progress: { choosesFactor: true } };
    const { tenant, user, methods, now } = context;
    const userId = user?.id ?? '';
    return proveFactor(context, 'totp', 'code', async (stores) => {
      for (const { kind, id } of methods) {
        const seed = kind === 'totp' ? await stores.authenticationMethods.findSecret(tenant.id, userId, id) : undefined;
        const step = seed && stepOfCode(seed, input['code'] ?? '', now);
        // RFC 6238 5.2: a code is taken once.
        if (step && (await stores.authenticationMethods.advance(tenant.id, userId, id, step, now))) return true;
      }
      return false;
    });
  },
};
